import { readFileSync } from 'node:fs'

/** A file's bytes; none when it is gone, as drafts of a running app are once they took the place of the file they are for. */
export function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    return Buffer.alloc(0)
  }
}
