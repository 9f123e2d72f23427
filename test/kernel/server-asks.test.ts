import { expect, it } from 'vitest'
import type { FiltersPort } from '../../main/kernel/ports.ts'
import { type AskingCall, type AskNote, ServerAsks, type ToldNote } from '../../main/kernel/server-asks.ts'
import type { CallFacts, JudgedCall } from '../../shared/domain/call.ts'
import { approvalDenied, filterBlocked } from '../../shared/errors.ts'
import { aCall } from '../permissions/a-call.ts'
import { someFilters } from './an-exchange.ts'

const verdict = { rule: 'a rule', reasons: [], action: 'unknown' as const, risk: 'medium' as const }
const judged = (): AskingCall => ({
  ...aCall(),
  verdict: { effect: 'allow', ...verdict },
  peer: { protocol: '', capabilities: {}, progress() {}, notify() {}, request: async () => ({}) },
  signal: new AbortController().signal,
})

function asks(effect: 'allow' | 'ask' | 'deny', filters: FiltersPort = someFilters()) {
  const evaluated: CallFacts[] = []
  const noted: AskNote[] = []
  const told: ToldNote[] = []
  const read: unknown[] = []
  const left: CallFacts[] = []
  const held: JudgedCall[] = []
  const clock = { nowMs: 0 }
  const evaluate = (call: CallFacts) => {
    evaluated.push(call)
    return { effect, ...verdict }
  }
  const made = new ServerAsks({
    permissions: () => ({ evaluate }),
    filters: () => filters,
    flow: () => ({
      trace: ({ canonical }) => {
        if (canonical.includes('hunter2')) return { kind: 'secret', sources: [] }
        return canonical.includes('diary') || canonical.includes('decline') ? { kind: 'mixed', sources: [] } : undefined
      },
      leaves: (call) => left.push(call),
      answered: (_call, found) => read.push(found),
    }),
    clear: async (call) => {
      held.push(call)
      if (call.canonical.includes('denied')) throw approvalDenied(call.entry.name, '')
      return { by: 'approval' }
    },
    asked: (note) => noted.push(note),
    told: (note) => told.push(note),
    nowMs: () => clock.nowMs,
  })
  return { made, evaluated, noted, told, read, left, held, clock }
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

it('refuses a question that a filter blocks, and an answer, and records either', async () => {
  const { made, noted, read } = asks('allow', blocking)
  const refusal = expect.objectContaining({ code: 'filters.blocked' })
  expect(() => made.asked(judged(), 'sampling/createMessage', {})).toThrow(refusal)
  await expect(made.answered(judged(), 'sampling/createMessage', {}, 'client')).rejects.toEqual(refusal)
  expect(noted).toMatchObject([{ refused: 'filter' }, { refused: 'answer' }])
  expect(read).toEqual([])
})

it('keeps a secret that was read in the session from leaving by an answer, whoever gives it', async () => {
  const { made, left, held } = asks('allow')
  const accept = { action: 'accept' }
  expect(await made.answered(judged(), 'elicitation/create', accept, 'client')).toEqual(accept)
  for (const by of ['client', 'person'] as const)
    await expect(
      made.answered(judged(), 'elicitation/create', { content: { a: 'hunter2' } }, by),
    ).rejects.toMatchObject({ code: 'filters.blocked' })
  expect(left.map(({ arguments: args }) => args)).toEqual([accept])
  expect(held).toEqual([])
})

it('asks before an answer goes out after private and untrusted content met, with the answer as what is asked about', async () => {
  const { made, evaluated, held, left, noted } = asks('ask')
  const answer = { content: { type: 'text', text: 'dear diary' } }
  expect(await made.answered(judged(), 'sampling/createMessage', answer, 'client')).toEqual(answer)
  expect(evaluated).toMatchObject([{ flow: { kind: 'mixed' }, entry: { name: 'notes__asks-sampling' } }])
  expect(held).toMatchObject([{ arguments: answer, target: 'notes__asks-sampling', answers: true, unhurried: {} }])
  expect(left).toHaveLength(1)
  const denied = { content: { type: 'text', text: 'diary, denied' } }
  await expect(made.answered(judged(), 'sampling/createMessage', denied, 'client')).rejects.toMatchObject({
    code: 'approvals.denied',
  })
  expect(left).toHaveLength(1)
  expect(noted).toMatchObject([{ refused: 'flow' }])
})

it.each([
  ['elicitation/create', { action: 'dear diary' }],
  ['sampling/createMessage', { action: 'decline' }],
] as const)('asks about a text in the place of a bare word (%s)', async (method, answer) => {
  const { made, held } = asks('ask')
  await made.answered(judged(), method, answer, 'client')
  expect(held).toHaveLength(1)
})

it('refuses such an answer where a rule denies, and lets it go where the rules allow', async () => {
  const answer = { content: { note: 'diary' } }
  const denying = asks('deny')
  await expect(denying.made.answered(judged(), 'elicitation/create', answer, 'client')).rejects.toMatchObject({
    code: 'policy.denied',
  })
  expect(denying.left).toEqual([])
  const allowing = asks('allow')
  expect(await allowing.made.answered(judged(), 'elicitation/create', answer, 'client')).toEqual(answer)
  expect(allowing.held).toEqual([])
})

it.each([
  ['what the person typed in the window', 'elicitation/create', { content: { note: 'diary' } }, 'person'],
  ['the folders of an app', 'roots/list', { roots: [{ uri: 'file:///diary' }] }, 'client'],
  ['a bare word', 'elicitation/create', { action: 'decline' }, 'client'],
] as const)('does not ask again about %s', async (_, method, answer, by) => {
  const { made, held } = asks('ask')
  expect(await made.answered(judged(), method, answer, by)).toEqual(answer)
  expect(held).toEqual([])
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
