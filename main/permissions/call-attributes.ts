import type { CallFacts, PathFact } from '../../shared/domain/call.ts'
import type { FlowStanding } from '../../shared/domain/flow.ts'
import { isOver } from '../../shared/domain/folder-rights.ts'
import { isFace } from '../../shared/domain/server.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'
import { classifyAction, isBundledFilesystem } from './classify-action.ts'
import { hasRights } from './needed-rights.ts'

/**
 * Where the paths of a call lie. `undeclared`: the server has no folders of its own to compare with, so a path-like text
 * says little (it may be the path of a URL); that asks, and is never refused for it. `read-only`: something would be
 * changed in a folder that may only be read; `no-right`: its rights leave out what would be done; `over`: its time is over.
 */
export type PathStanding = 'none' | 'inside' | 'read-only' | 'no-right' | 'over' | 'outside' | 'undeclared'

/** Not a tool: something the person accepted by its pin, or any URI that merely fits a template. */
export type ContentStanding = 'none' | 'pinned' | 'template'

/** Everything the default policies look at. Two calls with the same attributes get the same verdict. */
export interface CallAttributes {
  readonly action: ActionKind
  readonly paths: PathStanding
  readonly content: ContentStanding
  /** What would leave this computer unasked otherwise. */
  readonly flow: FlowStanding
  /** What the action is, is known from Gatehouse's own table and not from hints; what is written can be undone. */
  readonly known: boolean
}

export function callAttributes(call: CallFacts): CallAttributes {
  const action = classifyAction(call)
  return {
    action,
    paths: pathStanding(call, action),
    content: contentStanding(call),
    flow: call.flow?.kind ?? 'none',
    known: isBundledFilesystem(call.server) || isFace(call.server),
  }
}

/** A resource's address as its server has it, whatever name AI apps see; of anything else its name. */
export const ownAddress = ({ entry }: CallFacts): string =>
  entry.kind === 'resource' || entry.kind === 'resource-template' ? entry.ownName : entry.name

function pathStanding(call: CallFacts, action: ActionKind): PathStanding {
  if (call.paths.length === 0) return 'none'
  if (call.server.allowedPaths.length === 0 && !isBundledFilesystem(call.server)) return 'undeclared'
  if (call.paths.some((path) => path.allowedBy === undefined)) return 'outside'
  if (call.paths.some(({ allowedBy }) => allowedBy && isOver(allowedBy))) return 'over'
  if (changes(action) && call.paths.some(readOnly)) return 'read-only'
  return call.paths.every((path) => hasRights(call, action, path)) ? 'inside' : 'no-right'
}

const changes = (action: ActionKind) => action === 'write' || action === 'delete'
const readOnly = (path: PathFact) => path.allowedBy?.access === 'read'

function contentStanding(call: CallFacts): ContentStanding {
  if (call.entry.kind === 'tool') return 'none'
  if (call.entry.kind !== 'resource-template') return 'pinned'
  return call.method === 'resources/read' || call.method === 'resources/subscribe' ? 'template' : 'pinned'
}
