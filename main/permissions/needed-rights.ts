import type { CallFacts, PathFact } from '../../shared/domain/call.ts'
import { type AllowedPath, type FolderRight, rightsOf } from '../../shared/domain/folder-rights.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'
import { isBundledFilesystem } from './classify-action.ts'

/** Every one of these, of which each may be met by any right in it. */
type Needed = readonly (readonly FolderRight[])[]

const listing: Needed = [['list']]
const reading: Needed = [['read']]

/**
 * What a tool of the bundled filesystem server does to the path it names, as far as a call says it. Whether a file is
 * created or changed only the server can tell, on what it finds there.
 */
const filesystemTools: Readonly<Record<string, Needed>> = {
  read_file: reading,
  read_text_file: reading,
  read_media_file: reading,
  read_multiple_files: reading,
  list_directory: listing,
  list_directory_with_sizes: listing,
  directory_tree: listing,
  search_files: listing,
  get_file_info: listing,
  write_file: [['create', 'write']],
  edit_file: [['read'], ['write']],
  create_directory: [['create']],
  delete_file: [['delete']],
}
const movedFrom: Needed = [['move']]
const movedTo: Needed = [['create', 'move']]

/** Whether the folder a path lies in gives what the call is known to do there; any folder gives a call that only reads. */
export function hasRights(call: CallFacts, action: ActionKind, { pointer, allowedBy }: PathFact): boolean {
  if (allowedBy === undefined || allowedBy.access === 'write') return true
  if (!isBundledFilesystem(call.server)) return true // `read-only` is judged apart
  return gives(allowedBy, neededBy(call, action, pointer))
}

function neededBy({ entry, arguments: args }: CallFacts, action: ActionKind, pointer: string): Needed {
  const tool = entry.ownName
  if (tool === 'move_file') return pointer === '/source' ? movedFrom : movedTo
  if (tool === 'edit_file' && args.dryRun === true) return reading
  const known = Object.hasOwn(filesystemTools, tool) ? filesystemTools[tool] : undefined
  return known ?? (action === 'read' ? reading : [['write']])
}

function gives({ access }: AllowedPath, needed: Needed): boolean {
  const rights = rightsOf(access)
  return needed.every((any) => any.some((right) => rights.includes(right)))
}
