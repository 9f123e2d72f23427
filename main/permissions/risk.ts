import { basename } from 'node:path'
import type { CallFacts } from '../../shared/domain/call.ts'
import { folderOf, unknownPlace } from '../../shared/domain/places.ts'
import { isFace } from '../../shared/domain/server.ts'
import { isAtLeast, type RiskLevel, type RiskReason, riskLevels } from '../../shared/domain/verdict.ts'
import type { CallAttributes, PathStanding } from './call-attributes.ts'
import { hostsOf } from './conditions.ts'

/** What became of earlier questions of this client about this entry. */
export interface CallHistory {
  readonly allowed: number
  readonly denied: number
  /** Hosts and folders that were allowed before. */
  readonly destinations: ReadonlySet<string>
}

export interface RiskFacts {
  readonly history?: CallHistory | undefined
  /** What the server's package is, where that is something to mind. */
  readonly cell?: string | undefined
}

export interface Risk {
  readonly level: RiskLevel
  readonly reasons: readonly RiskReason[]
}

/** Labels of what should not get into other hands; everything else filters find is named, and raises nothing. */
const secretLabels: readonly string[] = ['secret', 'credential', 'known-secret']
const privateLabels: readonly string[] = ['private', 'personal', 'pii']

const byAction: Readonly<Record<CallAttributes['action'], RiskLevel>> = {
  read: 'low',
  write: 'medium',
  send: 'medium',
  unknown: 'medium',
  delete: 'high',
  run: 'high',
}

const refusedPaths: readonly PathStanding[] = ['outside', 'read-only', 'no-right', 'over']

/** How bad it would be if the call were not what it seems, before anything is known of earlier ones. */
export function inherentRisk(call: CallFacts, { action, paths, flow }: CallAttributes): RiskLevel {
  const { server } = call
  const unconfined = server.sandbox === 0 && !server.trusted
  if (flow === 'secret' || (action === 'run' && unconfined)) return 'critical'
  if (flow !== 'none' || refusedPaths.includes(paths) || unconfined) return 'high'
  return byAction[action]
}

/**
 * The level and the reasons of a question: what would change and whether it can be taken back, what the arguments hold,
 * where it goes, who does it, what is new about it, and what the person said before.
 */
export function assessRisk(call: CallFacts, attributes: CallAttributes, facts: RiskFacts = {}): Risk {
  const found = [
    ...effect(call, attributes),
    ...data(call, attributes),
    ...destination(call, facts.history),
    ...executor(call, attributes, facts.cell),
    ...past(facts.history),
  ]
  const inherent = inherentRisk(call, attributes)
  const least = found.reduce<RiskLevel>(
    (level, { least = 'low' }) => (isAtLeast(level, least) ? level : least),
    inherent,
  )
  const steps = found.some(({ raises }) => raises) ? 1 : 0
  const raised = Math.min(
    riskLevels.indexOf(least) + steps,
    riskLevels.indexOf(isAtLeast(least, 'high') ? least : 'high'),
  )
  return {
    level: riskLevels[raised] ?? 'critical',
    reasons: found.map(({ least: _least, raises: _raises, ...why }) => why),
  }
}

/** A reason, the level it demands at least, and whether it makes anything below high one step worse. */
interface Found extends RiskReason {
  readonly least?: RiskLevel
  readonly raises?: boolean
}

function effect({ server }: CallFacts, { action, paths, content, known }: CallAttributes): Found[] {
  const where: Found[] = paths === 'none' || paths === 'inside' ? [] : [{ kind: paths }]
  if (content === 'template') return [...where, { kind: 'template' }]
  if (isFace(server) && (action === 'write' || action === 'delete'))
    return [...where, { kind: action === 'write' ? 'remember' : 'forget' }]
  return [...where, { kind: action === 'write' && known ? 'write-undo' : action }]
}

function data(call: CallFacts, { action }: CallAttributes): Found[] {
  const leaves = hostsOf(call).length > 0 || action === 'send'
  return (call.labels ?? []).map((label): Found => {
    if (secretLabels.includes(label)) return { kind: 'secret', least: leaves ? 'critical' : 'high' }
    if (privateLabels.includes(label)) return { kind: 'private', least: leaves ? 'high' : 'medium' }
    return { kind: 'label', params: { label } }
  })
}

/** A place that was never allowed before says more than any name of a tool. */
function destination(call: CallFacts, history: CallHistory | undefined): Found[] {
  const unknown = (place: string) =>
    history !== undefined && (place === unknownPlace || !history.destinations.has(place))
  const hosts = hostsOf(call).map(
    (host): Found =>
      unknown(host) ? { kind: 'host-new', params: { host }, raises: true } : { kind: 'host', params: { host } },
  )
  const folder = folderOf(call.paths)
  const fresh = folder !== undefined && (history?.allowed ?? 0) > 0 && unknown(folder)
  return [...hosts, ...(fresh ? [{ kind: 'folder-new', params: { folder: basename(folder) } } as const] : [])]
}

function executor({ server }: CallFacts, { known }: CallAttributes, cell: string | undefined): Found[] {
  return [
    ...(server.trusted || known ? [] : [{ kind: 'untrusted' } as const]),
    ...(server.origin.kind === 'remote'
      ? [{ kind: 'remote' } as const]
      : server.sandbox === 0
        ? [{ kind: 'unconfined', params: { server: server.name } } as const]
        : []),
    ...(cell === undefined ? [] : [{ kind: 'cell', params: { status: cell }, least: 'high' } as const]),
  ]
}

function past(history: CallHistory | undefined): Found[] {
  if (history === undefined) return []
  if (history.denied > 0) return [{ kind: 'denied-before', params: { count: String(history.denied) }, raises: true }]
  return history.allowed === 0 ? [{ kind: 'first-use' }] : []
}
