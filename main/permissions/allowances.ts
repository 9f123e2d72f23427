import type { CallFacts } from '../../shared/domain/call.ts'
import type { EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import { type Pattern, pattern } from '../../shared/domain/pattern.ts'
import { timeOfDay } from '../../shared/domain/rule-conditions.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'
import { ownAddress } from './call-attributes.ts'
import { allowsUnder } from './conditions.ts'
import type { Grant } from './grant.ts'

/** Our own path code, handed in: real paths, case and Unicode as the platform has them. */
export interface Folders {
  /** Real path of a folder, symlinks resolved. @throws when it does not exist or is not absolute */
  real(folder: string): string
  contains(folder: string, real: string): boolean
}

/** A grant with its patterns made ready. */
export interface ReadyGrant {
  readonly grant: Grant
  readonly client: Pattern
  readonly tool: Pattern
}

export const readyGrant = (grant: Grant): ReadyGrant => ({
  grant,
  client: pattern(grant.client),
  tool: pattern(grant.tool),
})

/** The part of matching that depends on who calls what, and not on arguments or time. */
export function concerns(ready: ReadyGrant, call: CallFacts, cell: () => Sha256): boolean {
  const { grant } = ready
  const { bound } = grant
  if (grant.effect === 'allow' && call.client.name === 'cli' && (bound !== undefined || grant.client !== 'cli'))
    return false
  if (!ready.client.matches(call.client.name) || !names(ready, call)) return false
  if (bound === undefined) return grant.scope === 'rule'
  return (
    bound.clientId === call.client.id &&
    bound.server === call.server.name &&
    bound.workspace === call.client.workspace &&
    bound.pin === call.entry.pin &&
    (grant.scope !== 'session' || bound.sessionId === call.session.id) &&
    bound.cell === cell()
  )
}

/** What restricts an address holds under every name it has; what allows one, under the name it was allowed by. */
function names({ grant, tool }: ReadyGrant, call: CallFacts): boolean {
  if (tool.matches(call.entry.name)) return true
  const address = ownAddress(call)
  return grant.effect !== 'allow' && address !== call.entry.name && tool.matches(address)
}

/** What a grant is held against, made when it is needed. */
export interface Moment {
  readonly now: EpochMs
  /** Whose time of day counts. */
  readonly dayAt: EpochMs
  readonly setBack: boolean
  readonly binding: () => Sha256
  readonly action: () => ActionKind
  /** Whether its budget holds this call too. */
  readonly left: (grant: Grant) => boolean
}

/** The part that depends on arguments and time. An allowing grant with a folder needs every path inside it. */
export function permits(grant: Grant, call: CallFacts, at: Moment, folders: Folders): boolean {
  if (isDated(grant) && (at.setBack || at.now >= (grant.expiresAt ?? Number.POSITIVE_INFINITY))) return false
  const { path } = grant
  if (path !== undefined && !(call.paths.length > 0 && call.paths.every(({ real }) => folders.contains(path, real))))
    return false
  if (!allowsUnder(grant.conditions, call, { action: at.action, time: () => timeOfDay(at.dayAt) })) return false
  if (grant.conditions?.budget !== undefined && !at.left(grant)) return false
  if (isOfValues(grant) && !isBare(call)) return false
  return grant.scope !== 'arguments' || grant.bound?.binding === at.binding()
}

/** An answer that was given for some values among the arguments: by a person's own rule nothing is bound to a pin. */
const isOfValues = ({ bound, conditions }: Grant): boolean => bound !== undefined && conditions?.arguments !== undefined

/** As the calls were that the answer was given for: nothing among its other arguments reaches further. */
const isBare = ({ paths, urls, commands, labels = [], extra }: CallFacts): boolean =>
  paths.length + urls.length + commands.length + labels.length === 0 && extra === undefined

/** Holds by the clock: counts for nothing while that was set back. */
export const isDated = ({ expiresAt, conditions }: Grant): boolean =>
  expiresAt !== undefined || conditions?.hours !== undefined || conditions?.weekdays !== undefined

/** A restricting rule with a folder holds as soon as one path lies inside it. */
export const touches = (grant: Grant, call: CallFacts, folders: Folders): boolean =>
  grant.path === undefined || call.paths.some(({ real }) => folders.contains(grant.path as string, real))
