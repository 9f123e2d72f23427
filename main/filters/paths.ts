import { readlinkSync, realpathSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import type { AllowedPath } from '../../shared/domain/server.ts'

/** How a platform names files. `real` is the one thing that looks at the disk. */
export interface PathPlatform {
  readonly windows: boolean
  /** Two spellings that differ in case are one file (macOS and Windows by default). */
  readonly ignoresCase: boolean
  /** Composed and decomposed Unicode name one file (macOS). */
  readonly composesUnicode: boolean
  readonly home: string
  /** Real path of something that exists, symlinks resolved. @throws ENOENT, ELOOP … */
  readonly realpath: (path: string) => string
  /** Where a symlink points, or undefined when it is none. */
  readonly readlink: (path: string) => string | undefined
}

export const thisPlatform = (home: string): PathPlatform => ({
  windows: process.platform === 'win32',
  ignoresCase: process.platform === 'win32' || process.platform === 'darwin',
  composesUnicode: process.platform === 'darwin',
  home,
  realpath: realpathSync.native,
  readlink: (path) => {
    try {
      return readlinkSync(path)
    } catch {
      return undefined
    }
  },
})

/** The real path of what no allowed folder can hold: it cannot be resolved, or names a device rather than a file. */
export const nowhere = ''

const linksFollowed = 40
const reservedOnWindows = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$|clock\$)(\.|:|$)/i

/** Real paths and membership in folders, by the rules of one platform. Used by filters, and for the folders of rules. */
export class Paths {
  readonly #path: typeof posix | typeof win32

  constructor(private readonly platform: PathPlatform) {
    this.#path = platform.windows ? win32 : posix
  }

  exists(path: string): boolean {
    try {
      this.platform.realpath(path)
      return true
    } catch {
      return false
    }
  }

  /**
   * Absolute, `~` and file URLs expanded, `.` and `..` gone, symlinks resolved as far as the path exists; a dangling
   * symlink is followed to where it points, since writing through it creates that file.
   *
   * @param base absolute folder a relative path starts from
   * @returns the real path, or `nowhere` for NUL, devices, reserved names, symlink loops, `link/..` (which programs read
   *   in two ways) and what cannot be decided
   */
  resolve(given: string, base: string | undefined): string {
    const expanded = this.#expand(given)
    if (expanded === undefined || expanded.includes('\0')) return nowhere
    if (!this.#path.isAbsolute(expanded) && base === undefined) return nowhere
    if (this.platform.windows && !/^[a-z]:[\\/]/i.test(this.#path.resolve(base ?? '', expanded))) return nowhere
    const absolute = this.#path.resolve(base ?? this.#path.sep, expanded)
    if (this.platform.windows && this.#namesDevice(absolute)) return nowhere
    const real = this.#real(absolute, linksFollowed)
    return /(^|[\\/])\.\.([\\/]|$)/.test(expanded) && this.#stepwise(expanded, base) !== real ? nowhere : real
  }

  /** Real path of a folder a rule is made for. @throws Error when it is not absolute or does not exist */
  real(folder: string): string {
    const expanded = this.#expand(folder)
    if (expanded === undefined || !this.#path.isAbsolute(expanded)) throw new Error('not an absolute path')
    return this.platform.realpath(expanded)
  }

  /** @param folder and @param real are real paths; the folder contains itself */
  contains = (folder: string, real: string): boolean => {
    if (real === nowhere) return false
    const inner = this.#comparable(real)
    const outer = this.#comparable(folder)
    if (inner === outer) return true
    return inner.startsWith(outer.endsWith(this.#path.sep) ? outer : outer + this.#path.sep)
  }

  /** The most specific folder a real path lies in. Of two equal ones the one that may only be read. */
  allowedBy(real: string, folders: readonly AllowedPath[]): AllowedPath | undefined {
    let best: AllowedPath | undefined
    for (const folder of folders) {
      if (!this.contains(folder.path, real)) continue
      if (best === undefined || folder.path.length > best.path.length) best = folder
      else if (folder.path.length === best.path.length && folder.access === 'read') best = folder
    }
    return best
  }

  /** As the operating system reads `link/..`: up from where the link points, and not from where it stands. */
  #stepwise(expanded: string, base: string | undefined): string {
    const from = this.#path.isAbsolute(expanded) ? this.#path.parse(expanded).root : (base ?? this.#path.sep)
    const steps = expanded.slice(this.#path.isAbsolute(expanded) ? from.length : 0).split(/[\\/]/)
    let current = from
    for (const step of steps) {
      if (step === '..') current = this.#path.dirname(this.#real(current, linksFollowed))
      else current = this.#path.join(current, step)
    }
    return this.#real(current, linksFollowed)
  }

  #expand(given: string): string | undefined {
    if (/^file:/i.test(given)) return this.#fromFileUrl(given)
    if (given === '~') return this.platform.home
    if (given.startsWith('~/') || (this.platform.windows && given.startsWith('~\\')))
      return this.#path.join(this.platform.home, given.slice(2))
    return given
  }

  #fromFileUrl(given: string): string | undefined {
    try {
      const url = new URL(given)
      if (url.hostname !== '' && url.hostname !== 'localhost') return undefined
      const path = decodeURIComponent(url.pathname)
      return this.platform.windows ? path.replace(/^\/(?=[a-z]:)/i, '') : path
    } catch {
      return undefined
    }
  }

  /** `C:\x\NUL.txt`, `C:\x\a:stream`, and names whose trailing dots or spaces Windows would drop. */
  #namesDevice(absolute: string): boolean {
    const names = absolute.split(/[\\/]/).slice(1)
    return names.some((name) => reservedOnWindows.test(name) || name.includes(':') || /[. ]$/.test(name))
  }

  #real(absolute: string, linksLeft: number): string {
    if (linksLeft === 0) return nowhere
    let existing = absolute
    const missing: string[] = []
    for (;;) {
      try {
        return this.#notDevice(this.#path.join(this.platform.realpath(existing), ...missing))
      } catch (error) {
        if (!isMissing(error)) return nowhere
      }
      const target = this.platform.readlink(existing)
      if (target !== undefined) {
        const pointed = this.#path.resolve(this.#path.dirname(existing), target, ...missing)
        return this.#real(pointed, linksLeft - 1)
      }
      const parent = this.#path.dirname(existing)
      if (parent === existing) return nowhere
      missing.unshift(this.#path.basename(existing))
      existing = parent
    }
  }

  #notDevice(real: string): string {
    const device = !this.platform.windows && /^\/(dev|proc|sys)(\/|$)/.test(real)
    return device ? nowhere : real
  }

  /** One file, one text: Unicode composed and case folded where the platform ignores them. */
  #comparable(path: string): string {
    const composed = this.platform.composesUnicode ? path.normalize('NFC') : path
    return this.platform.ignoresCase ? composed.toLowerCase() : composed
  }
}

const isMissing = (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
