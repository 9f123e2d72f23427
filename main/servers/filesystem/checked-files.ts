import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, realpath, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import type { FolderRight } from '../../../shared/domain/folder-rights.ts'
import type { AllowedRoots } from './allowed-roots.ts'
import { OperationRate } from './operation-rate.ts'
import { Refused } from './refused.ts'

/** Largest file read whole, in bytes: what still fits a message. */
const largestFile = 50 * 1024 * 1024

/** Finds and opens files so that what was checked is what is used: real paths first, then the open handle. */
export class CheckedFiles {
  constructor(
    readonly roots: AllowedRoots,
    private readonly rate = new OperationRate(),
  ) {}

  /**
   * The real path of something that exists.
   * @throws Refused outside the allowed folders, in one without this right, or when it is not there
   */
  async existing(given: string, right: FolderRight): Promise<string> {
    const { real, missing } = await this.#resolve(given)
    this.roots.require(real, right, given)
    if (missing.length > 0) throw new Refused(`ENOENT: no such file or directory: ${given}`)
    return real
  }

  /**
   * The real path something has or would have. Its folder must exist.
   * @param rightFor what is needed there, for something that is there already and for something new
   */
  async target(given: string, rightFor: (isThere: boolean, real: string) => FolderRight): Promise<string> {
    const { real, missing } = await this.#resolve(given)
    this.roots.require(real, rightFor(missing.length === 0, real), given)
    if (missing.length > 1) throw new Refused(`Parent directory does not exist: ${dirname(given)}`)
    return real
  }

  /** As `target`, for a folder whose parents may be missing too. */
  async newFolder(given: string): Promise<string> {
    const { real } = await this.#resolve(given)
    this.roots.require(real, 'create', given)
    return real
  }

  /** Opens a regular file for reading and checks the handle: the same file still lies inside the folders. */
  async openFile(given: string): Promise<FileHandle> {
    const real = await this.existing(given, 'read')
    const handle = await open(real, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0))
    try {
      const opened = await handle.stat({ bigint: true })
      if (!opened.isFile()) throw new Refused(`${given} is not a regular file`)
      if (opened.size > BigInt(largestFile))
        throw new Refused(`${given} is larger than 50 MB; read parts of it with head or tail`)
      const now = await stat(await realpath(real), { bigint: true })
      if (now.dev !== opened.dev || now.ino !== opened.ino) throw new Refused(`${given} changed while it was opened`)
      this.roots.require(await realpath(real), 'read', given)
      return handle
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  /**
   * Runs `work` with a path for `real`'s folder that stays that folder even if somebody swaps it for a symlink meanwhile:
   * on Linux through the open folder handle, elsewhere the real path, checked again.
   * @param right what `work` does there
   */
  async inFolderOf<T>(real: string, right: FolderRight, work: (path: string) => Promise<T>): Promise<T> {
    const folder = dirname(real)
    const handle = await open(folder, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0))
    try {
      this.roots.require(join(await this.#realFolder(handle, folder), basename(real)), right, real)
      const base = process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : folder
      return await work(join(base, basename(real)))
    } finally {
      await handle.close()
    }
  }

  async #realFolder(handle: FileHandle, folder: string): Promise<string> {
    return process.platform === 'linux' ? realpath(`/proc/self/fd/${handle.fd}`) : realpath(folder)
  }

  /** Follows every symlink there is; names that do not exist yet are appended, spelled as an equal Unicode name if one exists. */
  async #resolve(given: string): Promise<{ real: string; missing: string[] }> {
    this.rate.take()
    const absolute = this.roots.absolute(given)
    try {
      return { real: await realpath(absolute), missing: [] }
    } catch (error) {
      if (!isMissing(error)) throw error
    }
    return this.#resolveParts(absolute, given)
  }

  async #resolveParts(absolute: string, given: string): Promise<{ real: string; missing: string[] }> {
    const root = this.roots.containing(absolute)
    if (!root) throw new Refused(`Access denied - path outside allowed directories: ${given}`)
    const parts = relative(root.path, absolute).split(sep).filter(Boolean)
    let current = root.path
    for (let index = 0; index < parts.length; index++) {
      const name = await this.#sameName(current, parts[index] ?? '')
      if (name === undefined) return { real: join(current, ...parts.slice(index)), missing: parts.slice(index) }
      current = await this.#follow(join(current, name), given)
    }
    return { real: current, missing: [] }
  }

  /** @throws Refused for a symlink that leads nowhere: writing through it would create a file somewhere unseen */
  async #follow(path: string, given: string): Promise<string> {
    try {
      const real = await realpath(path)
      this.roots.inside(real, given)
      return real
    } catch (error) {
      if (isMissing(error) && (await lstat(path)).isSymbolicLink()) {
        throw new Refused(`Access denied - ${given} is a symbolic link to something that does not exist`)
      }
      throw error
    }
  }

  async #sameName(folder: string, wanted: string): Promise<string | undefined> {
    const names = await readdir(folder).catch((): string[] => [])
    if (names.includes(wanted)) return wanted
    const equal = names.filter((name) => name.normalize('NFC') === wanted.normalize('NFC'))
    if (equal.length > 1) throw new Refused(`Ambiguous Unicode path component: ${wanted}`)
    return equal[0]
  }
}

export function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
