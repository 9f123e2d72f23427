import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import { parsePermission } from '../../shared/domain/role.ts'
import type { RuleConditions } from '../../shared/domain/rule-conditions.ts'
import type { Grant } from './grant.ts'
import { type ContextEntity, entity, type PolicyAttribute } from './policy-schema.ts'

const attribute = (attr: PolicyAttribute): Expr => ({ '.': { left: { Var: 'context' }, attr } })

const forbidden = {
  deny: {
    op: 'in',
    entities: [
      { type: 'Action', id: 'call' },
      { type: 'Action', id: 'callUnattended' },
    ],
  },
  ask: { op: '==', entity: { type: 'Action', id: 'callUnattended' } },
} as const

/** Ids of the policies `mergedPolicies` makes. */
export const mergedIds = { deny: 'your-rules-that-deny', ask: 'your-rules-that-ask' } as const

/**
 * A rule that asks or denies, as a Cedar policy. Made as data and not as text, so that no name can become Cedar. A rule
 * that asks gives way to whatever was allowed after it.
 */
export const rulePolicy = (rule: Grant, sentence: string): PolicyJson =>
  forbid(rule.effect === 'deny' ? 'deny' : 'ask', condition(rule), { sentence })

/** A rule that allows, for the person to read: it is matched as data, and its budget counted there. */
export const allowedPolicy = (rule: Grant, sentence: string): PolicyJson => ({
  ...forbid('deny', allOf(parts(rule)), { sentence }),
  effect: 'permit',
})

/**
 * All rules of a slice as one policy for each effect: evaluating a policy costs about 3 µs, another `||` far less.
 * @param plain for calls of tools, which have no other address, allowed by nothing, so that every rule that asks is newer
 */
export function mergedPolicies(rules: readonly Grant[], plain = false): Readonly<Record<string, PolicyJson>> {
  const merged: Record<string, PolicyJson> = {}
  for (const effect of ['deny', 'ask'] as const) {
    const conditions = rules.filter((rule) => rule.effect === effect).map((rule) => condition(rule, plain))
    if (conditions.length > 0) merged[mergedIds[effect]] = forbid(effect, anyOf(conditions), {})
  }
  return merged
}

/** Attributes that the policy of a rule looks at. */
export function readByRule({ effect, client, tool, path, conditions = {} }: Grant): readonly PolicyAttribute[] {
  const { workspace, hosts, labels, actions, hours, weekdays, arguments: patterns, unless } = conditions
  const read: readonly [unknown, ...PolicyAttribute[]][] = [
    [effect === 'ask' || undefined, 'granted'],
    [client === '*' ? undefined : client, 'client'],
    [tool === '*' ? undefined : tool, 'tool', 'address'],
    [path, 'folders'],
    [workspace, 'workspace'],
    [hosts, 'hosts'],
    [labels, 'labels'],
    [actions, 'action'],
    [hours, 'minute'],
    [weekdays, 'weekday'],
    [patterns, 'arguments'],
    [unless, 'own', ...(unless ?? []).flatMap(readByPermission)],
  ]
  return read.flatMap(([present, ...attributes]) => (present === undefined ? [] : attributes))
}

const forbid = (effect: 'deny' | 'ask', body: Expr, annotations: Record<string, string>): PolicyJson => ({
  effect: 'forbid',
  principal: { op: 'All' },
  action: forbidden[effect] as PolicyJson['action'],
  resource: { op: 'All' },
  conditions: [{ kind: 'when', body }],
  annotations,
})

const condition = (rule: Grant, plain = false): Expr =>
  allOf([
    ...(rule.effect === 'ask' && !(plain && rule.seq > 0) ? [allowedBefore(rule.seq)] : []),
    ...parts(rule, plain),
  ])

const parts = (rule: Grant, plain = false): Expr[] => [
  ...(rule.client === '*' ? [] : [like('client', rule.client)]),
  ...(rule.tool === '*'
    ? []
    : [anyOf([like('tool', rule.tool), ...(plain ? [] : [ofOtherAddress(like('address', rule.tool))])])]),
  ...(rule.path === undefined ? [] : [holds('folders', { Value: entity('Folder', rule.path) })]),
  ...further(rule.conditions ?? {}, rule.id),
]

function further(conditions: RuleConditions, id: string): Expr[] {
  const { workspace, hosts, labels, actions, hours, weekdays, arguments: patterns, unless } = conditions
  return [
    ...(workspace === undefined ? [] : [equal(attribute('workspace'), { Value: entity('Workspace', workspace) })]),
    ...(hosts === undefined ? [] : [anyIn('hosts', 'Host', hosts)]),
    ...(labels === undefined ? [] : [anyIn('labels', 'Label', labels)]),
    ...(actions === undefined ? [] : [oneOf(actions, 'action')]),
    ...(hours === undefined ? [] : [during(hours)]),
    ...(weekdays === undefined ? [] : [oneOf(weekdays, 'weekday')]),
    ...(patterns === undefined ? [] : [holds('arguments', { Value: id })]),
    ...(unless === undefined ? [] : [{ '!': { arg: anyOf([attribute('own'), ...unless.map(permitted)]) } }]),
  ]
}

function allOf(conditions: readonly Expr[]): Expr {
  const [first, ...rest] = conditions
  return rest.reduce<Expr>((left, right) => ({ '&&': { left, right } }), first ?? { Value: true })
}

/** Halved again and again, so that a thousand rules nest ten deep. */
function anyOf(conditions: readonly Expr[]): Expr {
  if (conditions.length <= 1) return conditions[0] ?? { Value: false }
  const half = conditions.length >> 1
  return { '||': { left: anyOf(conditions.slice(0, half)), right: anyOf(conditions.slice(half)) } }
}

function like(attr: PolicyAttribute, text: string): Expr {
  if (!text.includes('*')) return equal(attribute(attr), { Value: text })
  const elements = text
    .split('*')
    .flatMap((part, index) => [
      ...(index > 0 ? (['Wildcard'] as const) : []),
      ...[...part].map((character) => ({ Literal: character })),
    ])
  return { like: { left: attribute(attr), pattern: elements } }
}

/** Told only where it is another than the name. */
const ofOtherAddress = (condition: Expr): Expr =>
  allOf([{ has: { left: { Var: 'context' }, attr: 'address' satisfies PolicyAttribute } }, condition])

const equal = (left: Expr, right: Expr): Expr => ({ '==': { left, right } })
const holds = (attr: PolicyAttribute, right: Expr): Expr => ({ contains: { left: attribute(attr), right } })
const anyIn = (attr: PolicyAttribute, type: ContextEntity, ids: readonly string[]): Expr => ({
  containsAny: { left: attribute(attr), right: { Set: ids.map((id) => ({ Value: entity(type, id) })) } },
})
const oneOf = (values: readonly (string | number)[], attr: PolicyAttribute): Expr => ({
  contains: { left: { Set: values.map((Value) => ({ Value })) }, right: attribute(attr) },
})
const allowedBefore = (seq: number): Expr => ({ '<': { left: attribute('granted'), right: { Value: seq } } })

function permitted(text: string): Expr {
  const permission = parsePermission(text)
  if (permission === undefined) return { Value: false }
  const { kind, name, action } = permission
  const reading: Expr = equal(attribute('action'), { Value: 'read' })
  return allOf([
    ...(name === '*'
      ? []
      : [kind === 'tool' ? like('tool', name) : equal(attribute('server'), { Value: entity('Server', name) })]),
    ...(action === '*'
      ? []
      : [action === 'execute' ? { '!': { arg: reading } } : equal(attribute('action'), { Value: action })]),
  ])
}

function readByPermission(text: string): PolicyAttribute[] {
  const { kind, name, action } = parsePermission(text) ?? { name: '*', action: '*' }
  return [
    ...(name === '*' ? [] : [kind === 'tool' ? ('tool' as const) : ('server' as const)]),
    ...(action === '*' ? [] : (['action'] as const)),
  ]
}

/** @see withinHours: from included, to not; over midnight where `from` is the later */
function during({ from, to }: { readonly from: number; readonly to: number }): Expr {
  const since: Expr = { '>=': { left: attribute('minute'), right: { Value: from } } }
  const before: Expr = { '<': { left: attribute('minute'), right: { Value: to } } }
  return from <= to ? allOf([since, before]) : anyOf([since, before])
}
