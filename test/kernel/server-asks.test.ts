import { expect, it } from 'vitest'
import type { FiltersPort } from '../../main/kernel/ports.ts'
import { type AskNote, ServerAsks, type ToldNote } from '../../main/kernel/server-asks.ts'
import type { CallFacts, JudgedCall } from '../../shared/domain/call.ts'
import { filterBlocked } from '../../shared/errors.ts'
import { aCall } from '../permissions/a-call.ts'
import { someFilters } from './an-exchange.ts'

const verdict = { rule: 'a rule', reasons: [], action: 'unknown' as const, risk: 'medium' as const }
const judged = (): JudgedCall => ({ ...aCall(), verdict: { effect: 'allow', ...verdict } })

function asks(effect: 'allow' | 'ask' | 'deny', filters: FiltersPort = someFilters()) {
  const evaluated: CallFacts[] = []
  const noted: AskNote[] = []
  const told: ToldNote[] = []
  const read: unknown[] = []
  const clock = { nowMs: 0 }
  const evaluate = (call: CallFacts) => {
    evaluated.push(call)
    return { effect, ...verdict }
  }
  const made = new ServerAsks({
    permissions: () => ({ evaluate }),
    filters: () => filters,
    flow: () => ({
      trace: (call) => (call.canonical.includes('hunter2') ? { kind: 'secret', sources: [] } : undefined),
      answered: (_call, found) => read.push(found),
    }),
    asked: (note) => noted.push(note),
    told: (note) => told.push(note),
    nowMs: () => clock.nowMs,
  })
  return { made, evaluated, noted, told, read, clock }
}

const finding: FiltersPort = {
  ...someFilters(),
  reply: () => ({ reply: { kind: 'result', result: { message: '•' } }, labels: ['secret'], secrets: ['hunter2'] }),
}
const blocking: FiltersPort = {
  call: () => {
    throw filterBlocked('notes__asks-sampling', 'secret-token', 'no')
  },
  reply: () => {
    throw filterBlocked('notes__asks-sampling', 'secret-token', 'no')
  },
}

it('lets a question pass that no rule denies, judged under a name of its own and without the arguments of the call', () => {
  const { made, evaluated, noted } = asks('ask')
  const paths = [{ pointer: '/path', given: '/a', real: '/a' }]
  const call = { ...judged(), arguments: { path: '/a' }, paths }
  expect(made.asked(call, 'roots/list', { _meta: {} })).toEqual({ _meta: {} })
  expect(evaluated).toMatchObject([{ entry: { name: 'notes__asks-roots' }, arguments: {}, paths: [], canonical: '{}' }])
  expect(noted).toMatchObject([{ method: 'roots/list', entry: 'notes__asks-roots', labels: [] }])
})

it('refuses one that a rule denies, and records that', () => {
  const { made, noted, read } = asks('deny', finding)
  expect(() => made.asked(judged(), 'sampling/createMessage', {})).toThrow(
    expect.objectContaining({ code: 'policy.denied', params: { entry: 'notes__asks-sampling', rule: 'a rule' } }),
  )
  expect(noted).toMatchObject([{ refused: 'rule' }])
  expect(read).toEqual([])
})

it('passes on what the filters left of a question, which the session has read by it', () => {
  const { made, noted, read } = asks('allow', finding)
  expect(made.asked(judged(), 'elicitation/create', { message: 'hunter2' })).toEqual({ message: '•' })
  expect(noted).toMatchObject([{ labels: ['secret'] }])
  expect(read).toEqual([{ labels: ['secret'], secrets: ['hunter2'] }])
})

it('refuses a question that a filter blocks, and an answer, and records either', () => {
  const { made, noted, read } = asks('allow', blocking)
  const refusal = expect.objectContaining({ code: 'filters.blocked' })
  expect(() => made.asked(judged(), 'sampling/createMessage', {})).toThrow(refusal)
  expect(() => made.answered(judged(), 'sampling/createMessage', {})).toThrow(refusal)
  expect(noted).toMatchObject([{ refused: 'filter' }, { refused: 'answer' }])
  expect(read).toEqual([])
})

it('keeps a secret that was read in the session from leaving by an answer', () => {
  const { made } = asks('allow')
  expect(made.answered(judged(), 'elicitation/create', { action: 'accept' })).toEqual({ action: 'accept' })
  expect(() => made.answered(judged(), 'elicitation/create', { content: { a: 'hunter2' } })).toThrow(
    expect.objectContaining({ code: 'filters.blocked' }),
  )
})

it('records what filters found in what a server tells, but no flood of it', () => {
  const { made, told, read } = asks('allow', finding)
  for (let count = 0; count < 100; count++)
    expect(made.told(judged(), { message: 'hunter2' })).toEqual({ message: '•' })
  expect(told).toHaveLength(30)
  expect(read).toHaveLength(100)
})

it('refuses a server that asks too often, until time passes', () => {
  const { made, noted, clock } = asks('allow')
  const ask = () => made.asked(judged(), 'elicitation/create', {})
  for (let count = 0; count < 30; count++) ask()
  expect(ask).toThrow(expect.objectContaining({ code: 'limits.rate' }))
  expect(noted.at(-1)).toMatchObject({ refused: 'rate' })
  clock.nowMs = 1_000
  ask()
})
