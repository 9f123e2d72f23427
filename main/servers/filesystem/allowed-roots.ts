import { realpath, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { isAbsolute, join, relative, resolve, sep } from 'node:path'
import { type FolderRight, folderRights } from '../../../shared/domain/folder-rights.ts'
import { Refused } from './refused.ts'

export interface Root {
  /** Real path, symlinks resolved when the server started. */
  readonly path: string
  /** None once its time is over, whatever is allowed around it. */
  readonly rights: readonly FolderRight[]
}

/** A root as its arguments say it; `until` in epoch milliseconds. */
interface GivenRoot {
  readonly given: string
  readonly rights: readonly FolderRight[]
  readonly until?: number
}

/** The folders this server may use: its second wall, behind the sandbox (DESIGN section 6, "Path checks"). */
export class AllowedRoots {
  constructor(readonly roots: readonly Root[]) {}

  /**
   * Folders as plain arguments, each after what narrows it: `--read-only`, or `--rights list,read,create` (`none` where
   * nothing is allowed), and `--until EPOCHMS`. Folders that are gone are said and left out.
   * @throws Refused for arguments Gatehouse does not give
   */
  static async fromArguments(args: readonly string[], warn: (text: string) => void): Promise<AllowedRoots> {
    const roots: Root[] = []
    for (const { given, rights, until } of givenRoots(args)) {
      const path = await realFolder(given)
      if (path === undefined) warn(`${given} is not a folder that can be opened; it is left out`)
      else roots.push(until === undefined ? { path, rights } : lentRoot(path, rights, until))
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

  /** @throws Refused when the real path is in no allowed folder, or in one without this right */
  require(real: string, right: FolderRight, given: string): Root {
    const root = this.inside(real, given)
    if (root.rights.includes(right)) return root
    const looksOnly = root.rights.every((one) => one === 'list' || one === 'read') && root.rights.length > 0
    if (looksOnly && right !== 'list' && right !== 'read')
      throw new Refused(`Access denied - ${given} is in a folder that may only be read`)
    if (root.rights.length === 0)
      throw new Refused(`Access denied - ${given} is in a folder that may no longer be used`)
    throw new Refused(
      `Access denied - ${given} is in a folder without the right to ${right}; it has: ${root.rights.join(', ')}`,
    )
  }

  /** @throws Refused when the real path is in no allowed folder */
  inside(real: string, given: string): Root {
    const root = this.containing(real)
    if (!root) throw new Refused(`Access denied - path outside allowed directories: ${given}`)
    return root
  }

  /** Whether a folder met below a listed one may be listed too: another root may begin there. */
  mayList = (path: string): boolean => this.containing(path)?.rights.includes('list') ?? false
}

/** @throws Refused */
function* givenRoots(args: readonly string[]): Generator<GivenRoot> {
  let narrowed: Omit<GivenRoot, 'given'> = { rights: folderRights }
  const words = args[Symbol.iterator]()
  const next = (option: string): string => {
    const { value, done } = words.next()
    if (done) throw new Refused(`${option} needs a value`)
    return value
  }
  for (const word of words) {
    if (word === '--read-only') narrowed = { ...narrowed, rights: ['list', 'read'] }
    else if (word === '--rights') narrowed = { ...narrowed, rights: rightsIn(next(word)) }
    else if (word === '--until') narrowed = { ...narrowed, until: Number(next(word)) }
    else {
      yield { ...narrowed, given: word }
      narrowed = { rights: folderRights }
    }
  }
  if (narrowed.rights !== folderRights || narrowed.until !== undefined) throw new Refused('a folder is missing')
}

function rightsIn(text: string): readonly FolderRight[] {
  const words = text === 'none' ? [] : text.split(',')
  const unknown = words.find((word) => !folderRights.some((right) => right === word))
  if (unknown !== undefined) throw new Refused(`“${unknown}” is no right of a folder`)
  return words as readonly FolderRight[]
}

/** Over as soon as the clock says so, and for good; and after as long as was left at the start, however it is set back. */
function lentRoot(path: string, rights: readonly FolderRight[], until: number): Root {
  const deadlineMs = performance.now() + (until - Date.now())
  let over = false
  return {
    path,
    get rights() {
      over ||= !(Date.now() < until && performance.now() < deadlineMs)
      return over ? [] : rights
    },
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
