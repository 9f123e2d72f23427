import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Grant } from './grant.ts'

const attribute = (attr: string): Expr => ({ '.': { left: { Var: 'context' }, attr } })

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

/** All rules of a slice as one policy for each effect: evaluating a policy costs about 3 µs, another `||` far less. */
export function mergedPolicies(rules: readonly Grant[]): Readonly<Record<string, PolicyJson>> {
  const merged: Record<string, PolicyJson> = {}
  for (const effect of ['deny', 'ask'] as const) {
    const conditions = rules.filter((rule) => rule.effect === effect).map(condition)
    if (conditions.length > 0) merged[mergedIds[effect]] = forbid(effect, anyOf(conditions), {})
  }
  return merged
}

const forbid = (effect: 'deny' | 'ask', body: Expr, annotations: Record<string, string>): PolicyJson => ({
  effect: 'forbid',
  principal: { op: 'All' },
  action: forbidden[effect] as PolicyJson['action'],
  resource: { op: 'All' },
  conditions: [{ kind: 'when', body }],
  annotations,
})

function condition(rule: Grant): Expr {
  const conditions = [
    ...(rule.effect === 'ask' ? [allowedBefore(rule.seq)] : []),
    ...(rule.client === '*' ? [] : [like('client', rule.client)]),
    ...(rule.tool === '*' ? [] : [anyOf([like('tool', rule.tool), like('address', rule.tool)])]),
    ...(rule.path === undefined ? [] : [within(rule.id)]),
  ]
  const [first, ...rest] = conditions
  return rest.reduce<Expr>((left, right) => ({ '&&': { left, right } }), first ?? { Value: true })
}

/** Halved again and again, so that a thousand rules nest ten deep. */
function anyOf(conditions: readonly Expr[]): Expr {
  if (conditions.length <= 1) return conditions[0] ?? { Value: false }
  const half = conditions.length >> 1
  return { '||': { left: anyOf(conditions.slice(0, half)), right: anyOf(conditions.slice(half)) } }
}

function like(attr: string, text: string): Expr {
  if (!text.includes('*')) return { '==': { left: attribute(attr), right: { Value: text } } }
  const elements = text
    .split('*')
    .flatMap((part, index) => [
      ...(index > 0 ? (['Wildcard'] as const) : []),
      ...[...part].map((character) => ({ Literal: character })),
    ])
  return { like: { left: attribute(attr), pattern: elements } }
}

const within = (id: string): Expr => ({ contains: { left: attribute('within'), right: { Value: id } } })
const allowedBefore = (seq: number): Expr => ({ '<': { left: attribute('granted'), right: { Value: seq } } })
