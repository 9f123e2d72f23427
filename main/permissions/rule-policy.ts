import type { Expr, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs'
import type { Grant } from './grant.ts'

const attribute = (attr: string): Expr => ({ '.': { left: { Var: 'context' }, attr } })

/**
 * A rule that asks or denies, as a Cedar policy. Made as data and not as text, so that no name can become Cedar. A rule
 * that asks gives way to whatever was allowed after it.
 */
export function rulePolicy(rule: Grant, sentence: string): PolicyJson {
  const conditions = [
    ...(rule.client === '*' ? [] : [like('client', rule.client)]),
    ...(rule.tool === '*' ? [] : [like('tool', rule.tool)]),
    ...(rule.path === undefined ? [] : [within(rule.id)]),
    ...(rule.effect === 'ask' ? [allowedBefore(rule.seq)] : []),
  ]
  return {
    effect: 'forbid',
    principal: { op: 'All' },
    action:
      rule.effect === 'ask'
        ? { op: '==', entity: { type: 'Action', id: 'callUnattended' } }
        : {
            op: 'in',
            entities: [
              { type: 'Action', id: 'call' },
              { type: 'Action', id: 'callUnattended' },
            ],
          },
    resource: { op: 'All' },
    conditions: conditions.map((body) => ({ kind: 'when', body })),
    annotations: { sentence },
  }
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
