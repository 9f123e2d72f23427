import { chmod, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Deletes a folder with all in it; no link is followed. A program may have closed its folders even to itself: they are
 * opened again, because it could otherwise leave something behind.
 */
export async function wipe(folder: string): Promise<void> {
  const remove = () => rm(folder, { recursive: true, force: true, maxRetries: 3 })
  try {
    await remove()
  } catch {
    await opened(folder)
    await remove()
  }
}

async function opened(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const one of await readdir(folder, { withFileTypes: true }))
    if (one.isDirectory()) await opened(join(folder, one.name))
}
