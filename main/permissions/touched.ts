import type { CallFacts } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { unknownPlace } from '../../shared/domain/places.ts'
import { type TimeOfDay, timeOfDay, withinHours } from '../../shared/domain/rule-conditions.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'
import { type Folders, touches } from './allowances.ts'
import { argumentsFit, hostNames, hostsOf, isLeft } from './conditions.ts'
import type { Grant } from './grant.ts'

/** What of a call the person's rules look at beside names and action; no more than they do, so that verdicts can be kept. */
export interface Touched {
  /** Of the rules' folders those that a path of the call lies in. */
  readonly folders: readonly string[]
  readonly hosts: readonly string[]
  readonly labels: readonly string[]
  /** Ids of rules whose argument patterns fit. */
  readonly arguments: readonly string[]
  readonly time: TimeOfDay
  /** Two calls of one standing with the same key are the same to every rule. */
  readonly key: string
}

const midnight: TimeOfDay = { minute: 0, weekday: 1 }
export const untouched: Touched = { folders: [], hosts: [], labels: [], arguments: [], time: midnight, key: '' }

/** @param rules asking and denying, whose client and tool fit the call */
export function touchedBy(rules: readonly Grant[], call: CallFacts, now: EpochMs, folders: Folders): Touched {
  if (rules.every(({ path, conditions }) => path === undefined && conditions === undefined)) return untouched
  const of = rules.flatMap(({ conditions }) => conditions ?? [])
  const fitting = rules.filter(
    ({ conditions }) => conditions?.arguments !== undefined && argumentsFit(conditions.arguments, call.arguments),
  )
  const touching = rules.filter((rule) => rule.path !== undefined && touches(rule, call, folders))
  const touched = {
    folders: [...new Set(touching.map(({ path }) => path as string))],
    hosts: hostsAmong(
      of.flatMap(({ hosts }) => hosts ?? []),
      call,
    ),
    labels: of.some(({ labels }) => labels !== undefined) ? (call.labels ?? []) : [],
    arguments: fitting.map(({ id }) => id),
    time: of.some(({ hours, weekdays }) => (hours ?? weekdays) !== undefined) ? timeOfDay(now) : midnight,
  }
  return { ...touched, key: JSON.stringify(touched) }
}

/** A host nobody knows may be any that the rules name. */
function hostsAmong(named: readonly string[], call: CallFacts): readonly string[] {
  if (named.length === 0) return []
  const hosts = hostsOf(call)
  return hosts.includes(unknownPlace) ? [...new Set([...hosts, ...named])] : hosts
}

/** What the rule's policy says of a call that its client and tool fit. */
export function holdsFor(rule: Grant, call: CallFacts, action: ActionKind, touched: Touched): boolean {
  const { workspace, hosts, labels, actions, hours, weekdays, arguments: patterns, unless } = rule.conditions ?? {}
  return (
    (rule.path === undefined || touched.folders.includes(rule.path)) &&
    (workspace === undefined || workspace === call.client.workspace) &&
    (hosts === undefined || touched.hosts.flatMap(hostNames).some((name) => hosts.includes(name))) &&
    (labels === undefined || touched.labels.some((label) => labels.includes(label))) &&
    (actions === undefined || actions.includes(action)) &&
    (hours === undefined || withinHours(hours, touched.time.minute)) &&
    (weekdays === undefined || weekdays.includes(touched.time.weekday)) &&
    (patterns === undefined || touched.arguments.includes(rule.id)) &&
    (unless === undefined || !isLeft(unless, call, action))
  )
}
