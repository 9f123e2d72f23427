import { realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { Refused } from './refused.ts'

export interface Root {
  /** Real path, symlinks resolved when the server started. */
  readonly path: string
  readonly writable: boolean
}

export type Access = 'read' | 'write'

/** The folders this server may use: its second wall, behind the sandbox (DESIGN section 6, "Path checks"). */
export class AllowedRoots {
  constructor(readonly roots: readonly Root[]) {}

  /** Writable folders first as plain arguments, read-only ones after `--read-only`. Folders that are gone are said and left out. */
  static async fromArguments(args: readonly string[], warn: (text: string) => void): Promise<AllowedRoots> {
    const roots: Root[] = []
    for (let index = 0; index < args.length; index++) {
      const writable = args[index] !== '--read-only'
      const given = writable ? args[index] : args[++index]
      if (given === undefined) throw new Refused('--read-only needs a folder')
      const path = await realFolder(given)
      if (path === undefined) warn(`${given} is not a folder that can be opened; it is left out`)
      else roots.push({ path, writable })
    }
    return new AllowedRoots(roots)
  }

  /** The most specific folder the real path lies in. */
  containing(real: string): Root | undefined {
    return this.roots.filter((root) => isInside(real, root.path)).sort((a, b) => b.path.length - a.path.length)[0]
  }

  /**
   * The absolute path meant by what the client wrote: `~`, relative to the first folder, or absolute.
   * @throws Refused for what no file name may contain
   */
  absolute(given: string): string {
    refuseOddNames(given)
    const expanded = given === '~' || given.startsWith('~/') ? join(homedir(), given.slice(1)) : given
    if (isAbsolute(expanded)) return resolve(expanded)
    const first = this.roots[0]
    if (!first) throw new Refused('no folder is allowed; the person can allow one in Gatehouse under Permissions')
    return resolve(first.path, expanded)
  }

  /** @throws Refused when the real path is in no allowed folder, or in one that may only be read */
  require(real: string, access: Access, given: string): Root {
    const root = this.containing(real)
    if (!root) throw new Refused(`Access denied - path outside allowed directories: ${given}`)
    if (access === 'write' && !root.writable)
      throw new Refused(`Access denied - ${given} is in a folder that may only be read`)
    return root
  }
}

async function realFolder(given: string): Promise<string | undefined> {
  try {
    const path = await realpath(resolve(given))
    return (await stat(path)).isDirectory() ? path : undefined
  } catch {
    return undefined
  }
}

export function isInside(path: string, folder: string): boolean {
  const between = relative(folder, path)
  return between === '' || (between !== '..' && !between.startsWith(`..${sep}`) && !isAbsolute(between))
}

const reserved = /^(con|prn|aux|nul|com\d|lpt\d)(\..*)?$/i

/** NUL, Windows drive paths on POSIX, UNC and device names, alternate data streams: refused on every platform alike. */
function refuseOddNames(given: string): void {
  if (given.includes('\0')) throw new Refused('a path cannot contain a NUL character')
  if (!given.isWellFormed()) throw new Refused('the path is not valid Unicode')
  if (/^(\\\\|\/\/[?.]\/)/.test(given)) throw new Refused('network and device paths are not allowed')
  const windowsDrive = /^[A-Za-z]:([\\/]|$)/.test(given)
  if (process.platform !== 'win32' && windowsDrive)
    throw new Refused(`Access denied - Windows-style path received on a POSIX host: ${given}`)
  if (process.platform !== 'win32') return
  const names = given.replace(/^[A-Za-z]:/, '').split(/[\\/]/)
  const odd = names.find(
    (name) => reserved.test(name) || name.includes(':') || /[. ]$/.test(name.replace(/^\.{1,2}$/, '')),
  )
  if (odd !== undefined) throw new Refused(`“${odd}” is not a file name Windows can keep apart from a device`)
}
