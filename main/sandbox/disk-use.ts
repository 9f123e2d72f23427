import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** What the smallest file takes on a disk: many empty ones fill it too. */
const leastBytes = 4096

/**
 * Bytes that folders take on the disk, with all below; a sparse file counts what it takes. No link is followed.
 *
 * @param enough counting stops above it
 */
export async function diskUse(folders: readonly string[], enough: number): Promise<number> {
  let sum = 0
  const left = [...folders]
  for (let folder = left.pop(); folder !== undefined && sum <= enough; folder = left.pop()) {
    const found = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const one of found) {
      const path = join(folder, one.name)
      if (one.isDirectory()) left.push(path)
      sum += Math.max(leastBytes, await bytesOf(path))
      if (sum > enough) break
    }
  }
  return sum
}

async function bytesOf(path: string): Promise<number> {
  const found = await lstat(path).catch(() => undefined)
  return (found?.blocks ?? 0) * 512
}
