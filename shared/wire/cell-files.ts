import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat, readdir, readlink } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'

/*
 * What a cell's code is made of: one reckoning for whoever packs a cell and whoever verifies it. A file counts by its
 * path and content, a link by what it says. The manifest itself (`cell.json` at the top) is not part of what it names.
 */

export const manifestFile = 'cell.json'

export interface CodeFile {
  /** Relative, with `/`. */
  readonly path: string
  readonly sizeBytes: number
  /** Changes whenever the file may have; cheap, and not to be forged without rights over the file system. */
  readonly stamp: string
  readonly isLink: boolean
}

export interface WalkLimits {
  readonly files: number
  readonly bytes: number
  /** Folders by this name are not entered. */
  readonly leaveOut?: ReadonlySet<string>
  readonly wants?: (path: string) => boolean
}

/** @returns the files, sorted by path; undefined when there are more than the limits allow */
export async function filesUnder(folder: string, limits: WalkLimits): Promise<CodeFile[] | undefined> {
  const found: CodeFile[] = []
  const open = ['']
  let bytes = 0
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`
      if (entry.isDirectory()) {
        if (!limits.leaveOut?.has(entry.name)) open.push(path)
        continue
      }
      if (path === manifestFile || (limits.wants && !limits.wants(path))) continue
      if (!entry.isFile() && !entry.isSymbolicLink()) continue
      const file = await codeFile(folder, path)
      bytes += file.sizeBytes
      found.push(file)
      if (found.length > limits.files || bytes > limits.bytes) return undefined
    }
  }
  return found.sort((a, b) => (a.path < b.path ? -1 : 1))
}

export async function codeFile(folder: string, path: string): Promise<CodeFile> {
  const found = await lstat(join(folder, path), { bigint: true })
  const { size, mtimeNs, ctimeNs, ino } = found
  return {
    path,
    sizeBytes: Number(size),
    stamp: `${size}:${mtimeNs}:${ctimeNs}:${ino}`,
    isLink: found.isSymbolicLink(),
  }
}

/** Path → SHA-256 of every file's content, hex. */
export async function sumsOf(folder: string, files: readonly CodeFile[]): Promise<Record<string, string>> {
  const sums: Record<string, string> = {}
  for (const { path, isLink } of files) {
    const hash = createHash('sha256')
    if (isLink) hash.update(`link:${await readlink(join(folder, path))}`)
    else await pipeline(createReadStream(join(folder, path)), hash, { end: true })
    sums[path] = hash.digest('hex')
  }
  return sums
}

/** One checksum for all files: SHA-256 over `PATH\nSUM\n` of each, sorted by path. */
export function checksumOf(sums: Readonly<Record<string, string>>): string {
  const hash = createHash('sha256')
  for (const path of Object.keys(sums).sort()) hash.update(`${path}\n${sums[path]}\n`)
  return hash.digest('hex')
}

export const stampOf = (files: readonly CodeFile[]): string =>
  createHash('sha256')
    .update(files.map(({ path, stamp }) => `${path}\n${stamp}\n`).join(''))
    .digest('hex')
