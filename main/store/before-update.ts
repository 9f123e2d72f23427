import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Database } from './database.ts'

const pattern = /^before-update-from-\d+-to-\d+\.db$/
/** Then nobody goes back any more; and what the person has erased since must not stay in it for good. */
const keptMs = 30 * 24 * 3600_000

export interface CopyBeforeUpdate {
  readonly file: string
  /** Epoch milliseconds. */
  readonly madeAt: number
  readonly sizeBytes: number
}

/**
 * The database as the version before left it, whole and in one file, for the way back. It is as closed as the database: its
 * rows stay sealed and its values encrypted under the same keys of the keychain.
 *
 * @throws the system's own error: nothing is changed then
 */
export function copyBeforeUpdate(db: Database, folder: string, from: number, to: number): void {
  const file = join(folder, `before-update-from-${from}-to-${to}.db`)
  rmSync(file, { force: true })
  db.prepare('VACUUM INTO ?').run(file)
  chmodSync(file, 0o600)
}

/** Newest first. */
export function copiesBeforeUpdates(folder: string): CopyBeforeUpdate[] {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .map((name) => {
      const file = join(folder, name)
      const { mtimeMs, size } = statSync(file)
      return { file, madeAt: Math.round(mtimeMs), sizeBytes: size }
    })
    .sort((a, b) => b.madeAt - a.madeAt)
}

/** Removes all but the newest, and that one too after thirty days. */
export function forgetOldCopies(folder: string, now = Date.now()): void {
  const [newest, ...older] = copiesBeforeUpdates(folder)
  const isOld = newest !== undefined && now - newest.madeAt > keptMs
  for (const { file } of isOld ? [newest, ...older] : older) rmSync(file, { force: true })
}
