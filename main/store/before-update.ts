import {
  chmodSync,
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { storeNoRoom } from '../../shared/errors.ts'
import type { Database } from './database.ts'

const pattern = /^before-update-from-\d+-to-\d+\.db$/
const partialPattern = /^before-update-from-\d+-to-\d+\.db\.partial$/
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
 * rows stay sealed and its values encrypted under the same keys of the keychain. It appears under its name only when it is whole.
 *
 * @param freeIn bytes that are free where a folder lies
 * @throws store.no-room, or the system's own error: nothing is changed then, and nothing is left of the copy
 */
export function copyBeforeUpdate(
  db: Database,
  folder: string,
  from: number,
  to: number,
  freeIn: (folder: string) => number = freeBytesIn,
): void {
  const file = join(folder, `before-update-from-${from}-to-${to}.db`)
  const partial = `${file}.partial`
  forgetPartialCopies(folder)
  const [needed, free] = [usedBytes(db), freeIn(folder)]
  if (free < needed) throw storeNoRoom(folder, needed, free)
  try {
    db.prepare('VACUUM INTO ?').run(partial)
    chmodSync(partial, 0o600)
    sync(partial)
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    const isFull = ['SQLITE_FULL', 'ENOSPC'].includes(String((error as { code?: unknown }).code))
    throw isFull ? storeNoRoom(folder, needed, freeIn(folder)) : error
  }
}

function usedBytes(db: Database): number {
  const number = (name: string) => Number(db.pragma(name, { simple: true }))
  return (number('page_count') - number('freelist_count')) * number('page_size')
}

function freeBytesIn(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}

/** SQLite does not do so for a copy. */
function sync(file: string): void {
  const handle = openSync(file, 'r+')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

/** What a start that was killed left. */
function forgetPartialCopies(folder: string): void {
  for (const name of readdirSync(folder).filter((name) => partialPattern.test(name)))
    rmSync(join(folder, name), { force: true })
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

/** Removes all but the newest, and that one too after thirty days; and what is no whole copy. */
export function forgetOldCopies(folder: string, now = Date.now()): void {
  forgetPartialCopies(folder)
  const [newest, ...older] = copiesBeforeUpdates(folder)
  const isOld = newest !== undefined && now - newest.madeAt > keptMs
  for (const { file } of isOld ? [newest, ...older] : older) rmSync(file, { force: true })
}
