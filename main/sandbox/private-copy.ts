import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, readlink, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { AllowedPath } from '../../shared/domain/folder-rights.ts'
import { isInside } from './places.ts'

/** Most that is copied for one process: what a person waits for at every call. */
export const mostCopiedBytes = 256 * 1024 ** 2
/** What the smallest file takes on a disk; so many small ones count as much as few large ones. */
const leastBytes = 4096
const deepest = 64

/** The allowed folders do not fit. */
export class TooLargeToCopy extends Error {}

export interface PrivateCopy {
  /** Where the copy of each allowed path lies. */
  readonly at: ReadonlyMap<string, string>
  /** Files that were changed, added or removed in the copies since. Costs one look at each. */
  changedFiles(): Promise<number>
}

/**
 * Copies what a server may use into a folder of its own (level 4). Every folder and file is opened without following a
 * link, and from the opened folder it was found in: a link put in its place while it is copied leads nowhere. Links stay
 * links; what is neither file, folder nor link is left out.
 *
 * @param without absolute folders and files that are not copied
 * @throws TooLargeToCopy over 256 MB or 64 folders deep
 */
export async function copyPrivately(
  allowed: readonly AllowedPath[],
  into: string,
  without: readonly string[],
  mostBytes = mostCopiedBytes,
): Promise<PrivateCopy> {
  const copying = new Copying(without, mostBytes)
  const at = new Map<string, string>()
  await mkdir(into, { recursive: true, mode: 0o700 })
  for (const [number, { path }] of allowed.entries()) {
    const copy = join(into, String(number))
    await copying.copy(path, path, copy, 0)
    at.set(path, copy)
  }
  const before = await stampsIn([...at.values()])
  return { at, changedFiles: async () => differences(before, await stampsIn([...at.values()])) }
}

class Copying {
  #bytes = 0

  constructor(
    private readonly without: readonly string[],
    private readonly mostBytes: number,
  ) {}

  /** @param from how it is opened; @param named how the person knows it */
  async copy(from: string, named: string, to: string, depth: number): Promise<void> {
    if (this.without.some((path) => isInside(named, path))) return
    if (depth > deepest) throw new TooLargeToCopy()
    const opened = await openUnfollowed(from)
    if (opened === 'link') return copyLink(from, to)
    if (opened === undefined) return
    try {
      const { mode, size } = await opened.stat()
      this.#count(size)
      if ((mode & constants.S_IFMT) === constants.S_IFDIR) await this.#folder(opened, named, to, depth)
      else if ((mode & constants.S_IFMT) === constants.S_IFREG) await this.#file(opened, to, mode & 0o777)
    } finally {
      await opened.close()
    }
  }

  async #folder(opened: FileHandle, named: string, to: string, depth: number): Promise<void> {
    await mkdir(to, { mode: 0o700 })
    const here = `/proc/self/fd/${opened.fd}`
    for (const name of await readdir(here))
      await this.copy(`${here}/${name}`, join(named, name), join(to, name), depth + 1)
  }

  async #file(opened: FileHandle, to: string, mode: number): Promise<void> {
    const copy = await open(to, 'wx', mode | 0o600)
    try {
      const piece = Buffer.allocUnsafe(256 * 1024)
      let at = 0
      for (;;) {
        const { bytesRead } = await opened.read(piece, 0, piece.length, at)
        if (bytesRead === 0) break
        at += bytesRead
        if (at > this.mostBytes) throw new TooLargeToCopy() // it grows while it is read
        await copy.write(piece, 0, bytesRead)
      }
    } finally {
      await copy.close()
    }
  }

  #count(sizeBytes: number): void {
    this.#bytes += Math.max(leastBytes, sizeBytes)
    if (this.#bytes > this.mostBytes) throw new TooLargeToCopy()
  }
}

/** One that went away meanwhile is left out. */
async function copyLink(from: string, to: string): Promise<void> {
  const target = await readlink(from).catch(() => undefined)
  if (target !== undefined) await symlink(target, to)
}

/** @returns undefined for what went away, may not be read or is a socket */
async function openUnfollowed(path: string): Promise<FileHandle | 'link' | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  } catch (problem) {
    return (problem as NodeJS.ErrnoException).code === 'ELOOP' ? 'link' : undefined
  }
}

/** When each file last changed, which the program inside cannot set back. A link is not followed (`readdirSync` would). */
async function stampsIn(roots: readonly string[]): Promise<Map<string, bigint>> {
  const stamps = new Map<string, bigint>()
  for (const root of roots) {
    const below = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])
    const files = below.filter((one) => !one.isDirectory()).map((one) => join(one.parentPath, one.name))
    for (const file of below.length === 0 ? [root] : files) {
      const found = await lstat(file, { bigint: true }).catch(() => undefined)
      if (found !== undefined && !found.isDirectory()) stamps.set(file, found.ctimeNs)
    }
  }
  return stamps
}

function differences(before: ReadonlyMap<string, bigint>, after: ReadonlyMap<string, bigint>): number {
  const gone = [...before.keys()].filter((file) => !after.has(file)).length
  return gone + [...after].filter(([file, stamp]) => before.get(file) !== stamp).length
}
