import type { EpochMs } from './ids.ts'

/** What may be done in a folder. `write` changes what is there already; `move` takes it elsewhere or renames it. */
export const folderRights = ['list', 'read', 'write', 'create', 'delete', 'move'] as const
export type FolderRight = (typeof folderRights)[number]

/** The two common choices in one word: `read` is list and read, `write` is everything. */
export type FolderAccess = 'read' | 'write' | readonly FolderRight[]

/** A folder a server may use. `path` is absolute and real (symlinks resolved when it was added). */
export interface AllowedPath {
  readonly path: string
  readonly access: FolderAccess
  /** When it ends, whatever the clock says later; left out: never. */
  readonly until?: EpochMs
  /** It ended. Stays so when the clock is set back; only the person opens it again, with another `until`. */
  readonly ended?: true
}

/** What is offered for a folder that is only lent. */
export const usualFolderMs = 24 * 3_600_000
/** Files and folders Gatehouse's own files server works on in a second, over all its folders. */
export const usualOperationsPerSecond = 100
export const mostOperationsPerSecond = 1_000_000

export const rightsOf = (access: FolderAccess): readonly FolderRight[] =>
  access === 'write' ? folderRights : access === 'read' ? ['list', 'read'] : access

/** In the one word where there is one, else in the order of `folderRights`, each once. */
export function plainAccess(access: FolderAccess): FolderAccess {
  const rights = folderRights.filter((right) => rightsOf(access).includes(right))
  if (rights.length === folderRights.length) return 'write'
  return rights.length === 2 && rights.includes('list') && rights.includes('read') ? 'read' : rights
}

/** Whether anything in it may become otherwise: such a folder cannot be laid open for reading only. */
export const mayChange = (access: FolderAccess): boolean =>
  rightsOf(access).some((right) => right !== 'list' && right !== 'read')

/** @param now epoch milliseconds */
export const isOver = ({ until, ended }: Pick<AllowedPath, 'until' | 'ended'>, now: number = Date.now()): boolean =>
  ended === true || (until !== undefined && until <= now)

/** The rule it is refused by, as the person knows it. */
export const endedFoldersRule = 'nothing in folders whose time is over'

/** `read`, `write` or `list,read,create`: for command lines, fingerprints and the log. */
export const accessText = (access: FolderAccess): string => (typeof access === 'string' ? access : access.join(','))
