import { expect, it } from 'vitest'
import { type AskNote, ServerAsks } from '../../main/kernel/server-asks.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import { aCall } from '../permissions/a-call.ts'

function asks(effect: 'allow' | 'ask' | 'deny') {
  const judged: CallFacts[] = []
  const noted: AskNote[] = []
  const clock = { nowMs: 0 }
  const evaluate = (call: CallFacts) => {
    judged.push(call)
    return { effect, rule: 'a rule', reasons: [], action: 'unknown' as const, risk: 'medium' as const }
  }
  const made = new ServerAsks(
    () => ({ evaluate }),
    (note) => noted.push(note),
    () => clock.nowMs,
  )
  return { made, judged, noted, clock }
}

it('lets a question pass that no rule denies, judged under a name of its own and without the arguments of the call', () => {
  const { made, judged, noted } = asks('ask')
  const paths = [{ pointer: '/path', given: '/a', real: '/a' }]
  made.admit({ ...aCall(), arguments: { path: '/a' }, paths }, 'roots/list')
  expect(judged).toMatchObject([{ entry: { name: 'notes__asks-roots' }, arguments: {}, paths: [], canonical: '{}' }])
  expect(noted).toMatchObject([{ method: 'roots/list', entry: 'notes__asks-roots' }])
})

it('refuses one that a rule denies, and records that', () => {
  const { made, noted } = asks('deny')
  expect(() => made.admit(aCall(), 'sampling/createMessage')).toThrow(
    expect.objectContaining({ code: 'policy.denied', params: { entry: 'notes__asks-sampling', rule: 'a rule' } }),
  )
  expect(noted).toMatchObject([{ refused: 'rule' }])
})

it('refuses a server that asks too often, until time passes', () => {
  const { made, noted, clock } = asks('allow')
  for (let count = 0; count < 30; count++) made.admit(aCall(), 'elicitation/create')
  expect(() => made.admit(aCall(), 'elicitation/create')).toThrow(expect.objectContaining({ code: 'limits.rate' }))
  expect(noted.at(-1)).toMatchObject({ refused: 'rate' })
  clock.nowMs = 1_000
  made.admit(aCall(), 'elicitation/create')
})
