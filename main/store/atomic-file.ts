import { randomBytes } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'

const draftEnding = '.draft'

/**
 * Replaces a file by a whole new one (0600): after a crash or a power cut it holds the old contents or the new ones.
 *
 * @throws the system's own error (ENOSPC, EROFS …); the old file is untouched then
 */
export async function writeAtomically(file: string, contents: string | Uint8Array): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}${draftEnding}`
  try {
    const handle = await open(draft, 'wx', 0o600)
    try {
      await handle.writeFile(contents)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(draft, file)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await syncFolder(dirname(file))
}

/** Makes the new name durable. Not every system opens folders; there the rename itself has to do. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  if (!handle) return
  await handle.sync().catch(() => {})
  await handle.close()
}

/** Removes what a killed process left half written. Only for who holds the folder's lock. */
export function sweepDrafts(folder: string): void {
  for (const name of readdirSync(folder)) if (name.endsWith(draftEnding)) rmSync(join(folder, name), { force: true })
}
