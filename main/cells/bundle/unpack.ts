import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type OpenBundle, readEntry } from './open-bundle.ts'

/**
 * Writes the checked files of a bundle into an empty folder. Never over anything, never through anything.
 * @throws input.invalid when what is unpacked is not what was said
 */
export async function unpackBundle({ zip, files }: OpenBundle, folder: string): Promise<void> {
  for (const entry of files) {
    const file = join(folder, entry.fileName)
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    const executable = ((entry.externalFileAttributes >>> 16) & 0o100) !== 0
    await writeFile(file, await readEntry(zip, entry), { flag: 'wx', mode: executable ? 0o700 : 0o600 })
  }
}
