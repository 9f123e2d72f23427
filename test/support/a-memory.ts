import { resolve } from 'node:path'
import type { RemoteEmbedder } from '../../main/memory/embedders/embedder.ts'
import type { EmbeddingProgress } from '../../main/memory/embedding.ts'
import { Engine } from '../../main/memory/engine.ts'
import type { DocumentSource } from '../../main/memory/importing.ts'
import { memoryMigrations } from '../../main/memory/memory-schema.ts'
import { type Database, openDatabase } from '../../main/store/database.ts'
import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import {
  type GraphDocument,
  type MemoryLimits,
  memoryLimits,
  type Provenance,
  type WriteId,
} from '../../shared/domain/memory.ts'

export interface AMemory {
  readonly file?: string
  readonly limits?: Partial<MemoryLimits>
  readonly remote?: (name: string) => RemoteEmbedder | undefined
  readonly wanted?: () => string
}

/** A workspace's memory on real SQLite, with a clock the test sets. */
export function aMemory(options: AMemory = {}) {
  const clock = { now: Date.UTC(2026, 0, 1) }
  const writes: WriteId[] = []
  const progress: EmbeddingProgress[] = []
  const problems: unknown[] = []
  const db: Database = openDatabase(options.file ?? ':memory:', memoryMigrations)
  const memory = new Engine({
    db,
    limits: { ...memoryLimits, ...options.limits },
    now: () => clock.now,
    onWrite: (write) => writes.push(write),
    remote: (name) => options.remote?.(name),
    wanted: () => options.wanted?.() ?? 'built-in-1',
    onProgress: (one) => progress.push(one),
    onEmbedderProblem: (error) => problems.push(error),
  })
  const pass = (ms: number): EpochMs => {
    clock.now += ms
    return clock.now as EpochMs
  }
  return { memory, db, clock, writes, progress, problems, pass }
}

/** A document as an import takes it. */
export const sourceOf = ({ concepts, relations }: GraphDocument): DocumentSource => {
  const parts: GraphDocument[] = [
    ...concepts.map((one) => ({ concepts: [one], relations: [] })),
    ...relations.map((one) => ({ concepts: [], relations: [one] })),
  ]
  return { size: parts.length, next: async () => parts.shift(), close: () => {} }
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
  readerScript: resolve('main/memory/files/file-reader.ts'),
  execArgv: ['--experimental-transform-types', '--no-warnings'],
}
