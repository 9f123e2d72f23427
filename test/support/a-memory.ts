import { resolve } from 'node:path'
import { Engine } from '../../main/memory/engine.ts'
import { memoryMigrations } from '../../main/memory/memory-schema.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import { type MemoryLimits, memoryLimits, type Provenance, type WriteId } from '../../shared/domain/memory.ts'

/** A workspace's memory on real SQLite, with a clock the test sets. */
export function aMemory(options: { file?: string; limits?: Partial<MemoryLimits> } = {}) {
  const clock = { now: Date.UTC(2026, 0, 1) }
  const writes: WriteId[] = []
  const db: Database = openDatabase(options.file ?? ':memory:', memoryMigrations)
  const memory = new Engine({
    db,
    limits: { ...memoryLimits, ...options.limits },
    now: () => clock.now,
    onWrite: (write) => writes.push(write),
    remote: () => undefined,
    ...(options.file ? { file: options.file } : {}),
  })
  const pass = (ms: number): EpochMs => {
    clock.now += ms
    return clock.now as EpochMs
  }
  return { memory, db, clock, writes, pass }
}

export const by = (clientName = 'Editor', labels: Provenance['labels'] = []): Provenance => ({
  client: `cl_${clientName}` as ClientId,
  clientName,
  labels,
})

export const day = 24 * 3600 * 1000

/** The memory’s thread, run from its source. */
export const memoryScript = {
  script: resolve('main/memory/memory-worker.ts'),
  execArgv: ['--experimental-transform-types', '--no-warnings'],
}
