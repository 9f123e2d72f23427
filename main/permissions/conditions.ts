import type { CallFacts } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { pattern } from '../../shared/domain/pattern.ts'
import { hostsOf as hostsNamed, unknownPlace } from '../../shared/domain/places.ts'
import { parsePermission } from '../../shared/domain/role.ts'
import { type RuleConditions, type TimeOfDay, withinHours } from '../../shared/domain/rule-conditions.ts'
import type { ActionKind } from '../../shared/domain/verdict.ts'

export const hostsOf = (call: CallFacts): readonly string[] => hostsNamed(call.urls)

/** A host and, as `*.…`, every name it is below: what a rule may call it by. */
export function hostNames(host: string): readonly string[] {
  const parts = host.split('.')
  return [host, ...parts.slice(1).map((_, index) => `*.${parts.slice(index + 1).join('.')}`)]
}

/** Whether a rule that allows may: every host and every label of the call is among those it names. */
export function allowsUnder(
  conditions: RuleConditions | undefined,
  call: CallFacts,
  facts: { readonly action: () => ActionKind; readonly time: () => TimeOfDay },
): boolean {
  if (conditions === undefined) return true
  const { workspace, hosts, labels, actions, hours, weekdays, arguments: patterns } = conditions
  return (
    (workspace === undefined || workspace === call.client.workspace) &&
    (hosts === undefined || every(hostsOf(call), (host) => isAmong(hosts, host))) &&
    (labels === undefined || every(call.labels ?? [], (label) => labels.includes(label))) &&
    (actions === undefined || actions.includes(facts.action())) &&
    (hours === undefined || withinHours(hours, facts.time().minute)) &&
    (weekdays === undefined || weekdays.includes(facts.time().weekday)) &&
    (patterns === undefined || argumentsFit(patterns, call.arguments))
  )
}

const isAmong = (hosts: readonly string[], host: string) =>
  host !== unknownPlace && hostNames(host).some((name) => hosts.includes(name))

/** Whether one of these permissions covers the call; Gatehouse's own tools need none. */
export const isLeft = (permissions: readonly string[], call: CallFacts, action: ActionKind): boolean =>
  call.server.name === 'gatehouse' ||
  permissions.some((text) => {
    const permission = parsePermission(text)
    if (permission === undefined) return false
    const named =
      permission.kind === 'tool'
        ? pattern(permission.name).matches(call.entry.name)
        : permission.name === '*' || permission.name === call.server.name
    const fits =
      permission.action === '*' || (permission.action === 'execute' ? action !== 'read' : permission.action === action)
    return named && fits
  })

const every = (values: readonly string[], fits: (value: string) => boolean) => values.length > 0 && values.every(fits)

/** Each pointer leads to a text, number or boolean that its pattern fits. */
export const argumentsFit = (patterns: Readonly<Record<string, string>>, args: JsonObject): boolean =>
  Object.entries(patterns).every(([pointer, text]) => {
    const value = at(args, pointer)
    return value !== undefined && value !== null && typeof value !== 'object' && pattern(text).matches(String(value))
  })

/** @see RFC 6901 */
function at(args: JsonObject, pointer: string): Json | undefined {
  let value: Json | undefined = args
  for (const part of pointer.split('/').slice(1)) {
    const key = part.replaceAll('~1', '/').replaceAll('~0', '~')
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as JsonObject)[key]
  }
  return value
}
