import { readlinkSync, realpathSync } from 'node:fs'
import { posix, win32 } from 'node:path'
import { type AllowedPath, isOver, rightsOf } from '../../shared/domain/folder-rights.ts'

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
/** No system takes a longer path; and nobody means one that goes up more often. */
const longestPath = 32_768
const mostUps = 32
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
    if (expanded === undefined || expanded.length > longestPath || expanded.includes('\0')) return nowhere
    if (!this.#path.isAbsolute(expanded) && base === undefined) return nowhere
    if (this.platform.windows && !/^[a-z]:[\\/]/i.test(this.#path.resolve(base ?? '', expanded))) return nowhere
    const absolute = this.#path.resolve(base ?? this.#path.sep, expanded)
    if (this.platform.windows && this.#namesDevice(absolute)) return nowhere
    const ups = expanded.match(/(?<![^\\/])\.\.(?![^\\/])/g)?.length ?? 0
    if (ups > mostUps) return nowhere
    const real = this.#real(absolute, linksFollowed)
    return ups > 0 && this.#stepwise(expanded, base) !== real ? nowhere : real
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

  /**
   * The most specific folder a real path lies in, also when its time is over: then nothing is allowed there, whatever is
   * allowed around it. Of two equal ones the one with fewer rights.
   */
  allowedBy(real: string, folders: readonly AllowedPath[]): AllowedPath | undefined {
    let best: AllowedPath | undefined
    for (const folder of folders) {
      if (!this.contains(folder.path, real)) continue
      if (best === undefined || folder.path.length > best.path.length) best = folder
      else if (folder.path.length === best.path.length && isNarrower(folder, best)) best = folder
    }
    return best
  }

  /** As the operating system reads `link/..`: up from where the link points, and not from where it stands. */
  #stepwise(expanded: string, base: string | undefined): string {
    const from = this.#path.isAbsolute(expanded) ? this.#path.parse(expanded).root : (base ?? this.#path.sep)
    const steps = expanded.slice(this.#path.isAbsolute(expanded) ? from.length : 0).split(/[\\/]/)
    let current = this.#real(from, linksFollowed)
    let missing = 0 // names at the end of `current` that do not exist: below them nothing has to be looked up
    for (const step of steps) {
      if (step === '' || step === '.') continue
      if (current === nowhere) return nowhere
      const next = this.#path.join(current, step)
      if (step === '..') {
        current = this.#path.dirname(current)
        missing = Math.max(0, missing - 1)
      } else {
        current = missing > 0 ? next : this.#real(next, linksFollowed)
        if (missing > 0 || this.#lookUp(current) === undefined) missing += 1
      }
    }
    return current === nowhere ? nowhere : this.#real(current, linksFollowed)
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

  /** The longest beginning that exists is found by halving: what exists has parents that exist. */
  #real(absolute: string, linksLeft: number): string {
    if (linksLeft === 0) return nowhere
    const whole = this.#lookUp(absolute)
    if (whole !== undefined) return this.#notDevice(whole)
    const { root } = this.#path.parse(absolute)
    const names = absolute.slice(root.length).split(/[\\/]/)
    const upTo = (count: number) => this.#path.join(root, ...names.slice(0, count))
    let real = this.#lookUp(root)
    let [there, missing] = [0, names.length]
    while (missing - there > 1) {
      const middle = (there + missing) >> 1
      const found = this.#lookUp(upTo(middle))
      if (found === nowhere) return nowhere
      if (found === undefined) missing = middle
      else [there, real] = [middle, found]
    }
    if (real === undefined || real === nowhere) return nowhere
    const target = this.platform.readlink(upTo(missing))
    if (target === undefined) return this.#notDevice(this.#path.join(real, ...names.slice(there)))
    if (goesUpAgain(target)) return nowhere
    return this.#real(this.#path.resolve(real, target, ...names.slice(missing)), linksLeft - 1)
  }

  /** @returns undefined when nothing is there, `nowhere` when that cannot be told */
  #lookUp(path: string): string | undefined {
    try {
      return this.platform.realpath(path)
    } catch (error) {
      return isMissing(error) ? undefined : nowhere
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

const isNarrower = (one: AllowedPath, other: AllowedPath) =>
  isOver(one) || (!isOver(other) && rightsOf(one.access).length < rightsOf(other.access).length)

/** `x/..` in a link: programs and the system read it in two ways. Up at its beginning is plain. */
function goesUpAgain(target: string): boolean {
  const names = target.split(/[\\/]/).filter((name) => name !== '' && name !== '.')
  return names.lastIndexOf('..') > names.findIndex((name) => name !== '..') && names.some((name) => name !== '..')
}

const isMissing = (error: unknown) => {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
