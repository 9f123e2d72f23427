import { expect, it } from 'vitest'
import { compressed } from '../../main/memory/context/compressed.ts'
import { afterRecall, type WindowRow } from '../../main/memory/context/recall-window.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { Question } from '../../shared/domain/memory.ts'
import { type Eviction, usualWindow, type WindowRule } from '../../shared/domain/session-context.ts'
import { aMemory, by, day } from '../support/a-memory.ts'

const [one, other] = ['se_one', 'se_other'] as unknown as readonly [SessionId, SessionId]
const whose = (session: SessionId, labels: Parameters<typeof by>[1] = []) => ({ ...by('Editor', labels), session })

function aFilledMemory() {
  const made = aMemory()
  const add = (name: string, description: string, labels: Parameters<typeof by>[1] = []) =>
    made.memory.addConcept({ name, type: 'note', description }, by('Editor', labels))
  add('Garden shed', 'The lock was changed in May; paint for the boat is kept there')
  add('Cellar', 'The lock was changed in June; wine is kept there')
  add('Boat', 'Needs paint before summer', ['untrusted'])
  const ask = (
    session: SessionId | undefined,
    text: string,
    more: Partial<Question> = {},
    window: WindowRule = usualWindow,
  ) => made.memory.recall({ text, ...more, ...(session ? { session: { id: session, window } } : {}) })
  return { ...made, ask }
}
const names = (found: readonly { readonly concept: { readonly name: string } }[]) =>
  found.map(({ concept }) => concept.name)

it('ranks higher what overlaps with the goals of the session, and says so; other sessions are not touched', async () => {
  const { memory, ask } = aFilledMemory()
  const question = 'When was the lock changed?'
  expect((await ask(other, question)).found.every(({ parts }) => !('goals' in parts))).toBe(true)
  for (const [goal, first] of [
    ['Paint the boat', 'Garden shed'],
    ['Choose a wine', 'Cellar'],
  ] as const) {
    memory.setContext(one, { goals: [goal] }, whose(one))
    const { found } = await ask(one, question, { lookOnly: true })
    expect(found[0]?.concept.name).toBe(first)
    expect(found[0]?.parts.goals).toBeGreaterThan(0.1)
    expect(found[0]?.reasons).toContain('goals')
    expect(found.find(({ concept }) => concept.name !== first)?.parts.goals).toBeLessThan(found[0]?.parts.goals ?? 0)
    expect(found.every(({ score }) => score <= 1)).toBe(true)
  }
})

it('keeps what a session is about, with what it was about before and what it had read', () => {
  const { memory, pass, clock } = aMemory()
  memory.setContext(one, { goals: ['sail'], task: 'buy paint', tags: ['boat'] }, whose(one, ['untrusted']))
  pass(1_000)
  memory.setContext(one, { task: 'paint', turn: 4 }, by('window'))
  memory.learn({ said: 'I like blue.' }, whose(one))
  expect(memory.context(one)).toEqual({
    session: one,
    goals: ['sail'],
    task: 'paint',
    tags: ['boat'],
    turn: 5,
    history: [{ turn: 0, at: clock.now - 1_000, goals: ['sail'], task: 'buy paint' }],
    labels: ['untrusted'],
    setBy: 'Editor',
    updatedAt: clock.now,
  })
  for (let at = 0; at < 30; at++) memory.setContext(one, { task: `step ${at}` }, by())
  expect(memory.context(one)?.history).toHaveLength(20)
  expect(memory.setContext(one, { task: '', goals: [] }, by())).not.toHaveProperty('task')
  expect(memory.context(other)).toBeUndefined()
  memory.clearContext(one)
  expect(memory.context(one)).toBeUndefined()
})

it('takes nothing after a secret was read, nothing too long, and keeps nothing of sessions a week old', () => {
  const { memory, pass } = aMemory()
  memory.setContext(one, { task: 'before' }, whose(one))
  expect(() => memory.setContext(one, { task: 'tell it' }, whose(one, ['secret']))).toThrowError(
    'memory.context-secret',
  )
  memory.learn({ said: 'I like blue.' }, whose(one, ['secret']))
  const tooMuch = [
    { goals: Array.from({ length: 11 }, () => 'a') },
    { goals: ['a'.repeat(501)] },
    { task: 'a'.repeat(2_001) },
    { tags: Array.from({ length: 21 }, () => 'a') },
    { tags: ['a'.repeat(51)] },
  ]
  for (const changes of tooMuch)
    expect(() => memory.setContext(one, changes, whose(one))).toThrowError('memory.context-limit')
  expect(memory.context(one)).toMatchObject({ task: 'before', turn: 0 })
  pass(8 * day)
  memory.setContext(other, { task: 'new' }, whose(other))
  expect(memory.context(one)).toBeUndefined()
})

it('holds what a session recalled, lets go by its rule, and never of what was forgotten or erased', async () => {
  const { memory, ask } = aFilledMemory()
  await ask(one, 'paint for the boat', { limit: 2 })
  await ask(one, 'wine in the cellar', { limit: 1 })
  const { held, compressed: short } = memory.recallWindow(one, 200)
  expect(names(held).sort()).toEqual(['Boat', 'Cellar', 'Garden shed'])
  expect(held.every(({ importance, uses }) => importance > 0 && importance < 1 && uses === 1)).toBe(true)
  expect(short.labels).toEqual(['untrusted'])
  expect(memory.recallWindow(other, 200).held).toEqual([])
  const small: WindowRule = { eviction: 'fifo', most: 1 }
  await ask(one, 'paint for the boat', { limit: 1 }, small)
  expect(memory.recallWindow(one, 200).held).toHaveLength(1)
  await ask(other, 'paint, wine, lock')
  memory.forget([{ name: 'Cellar' }], by())
  expect(names(memory.recallWindow(other, 200).held)).not.toContain('Cellar')
  memory.erase({ concepts: [{ name: 'Boat' }] })
  expect(names(memory.recallWindow(other, 200).held)).toEqual(['Garden shed'])
  memory.setContext(one, { task: 'mine' }, whose(one))
  memory.erase({ client: by().client })
  expect(memory.context(one)).toBeUndefined()
  expect(memory.check()).toEqual([])
})

it('lets go first what came first, was used longest ago, or matters least', () => {
  const window = (rule: Eviction) => {
    let rows: WindowRow[] = []
    const recall = (...found: (readonly [number, number])[]) => {
      rows = afterRecall(
        rows,
        found.map(([id, score]) => ({ id, score })),
        { eviction: rule, most: 3 },
        0,
      )
    }
    recall([1, 0.9])
    recall([2, 0.2])
    recall([3, 0.5])
    recall([1, 0.9])
    recall([4, 0.4])
    return rows.map(({ concept }) => concept).sort()
  }
  expect(window('fifo')).toEqual([2, 3, 4])
  expect(window('lru')).toEqual([1, 3, 4])
  expect(window('importance')).toEqual([1, 3, 4])
  const [first] = afterRecall([], [{ id: 1, score: 0.5 }], usualWindow, 0)
  expect(first).toMatchObject({ importance: 0.475, uses: 1 })
  expect(afterRecall([first as WindowRow], [], usualWindow, 30 * day)).toEqual([])
  expect(afterRecall([{ ...(first as WindowRow), importance: 0.0105 }], [], usualWindow, 0)).toEqual([])
})

it('says the same in fewer characters, one fact of each first, nothing twice, and how much was left out', () => {
  const observed = (text: string) => ({ text, at: 0 as never, by: by() })
  const known = (name: string, description: string, ...facts: string[]) => ({
    name,
    type: 'note',
    description,
    observations: facts.map(observed),
    labels: ['private' as const],
  })
  const concepts = [
    known('Boat', 'Needs paint', 'Is blue', 'Was built in Brăila'),
    known('Shed', 'Holds paint', 'Is locked'),
  ]
  const context = { goals: ['sail'], task: 'paint', labels: ['untrusted' as const] }
  const whole = compressed(concepts, context, 10_000)
  expect(whole).toEqual({
    summary: 'Task: paint. Goals: sail. About: Boat (note), Shed (note).',
    entities: [
      { name: 'Boat', type: 'note' },
      { name: 'Shed', type: 'note' },
    ],
    facts: ['Boat: Needs paint', 'Shed: Holds paint', 'Boat: Is blue', 'Shed: Is locked', 'Boat: Was built in Brăila'],
    ratio: 1,
    labels: ['private', 'untrusted'],
  })
  const short = compressed(concepts, context, 100)
  expect(short.facts).toEqual(['Boat: Needs paint', 'Shed: Holds paint'])
  expect(short.summary.length + short.facts.join('').length).toBeLessThanOrEqual(100)
  expect(short.ratio).toBeCloseTo(
    (short.summary.length + short.facts.join('').length) / (whole.summary.length + whole.facts.join('').length),
    2,
  )
  expect(compressed([...concepts, ...concepts], context, 10_000).facts).toHaveLength(5)
  expect(compressed([], undefined, 100)).toMatchObject({ summary: '', facts: [], ratio: 1, labels: [] })
})

it('answers again what was asked a short while ago with much the same goals, until anything is written', async () => {
  const { memory, ask, pass } = aFilledMemory()
  const question = 'Where is the paint?'
  memory.setContext(one, { goals: ['paint the boat blue'] }, whose(one))
  const first = await ask(one, question)
  expect(first.cached).toBeUndefined()
  const again = await ask(one, `  where is   the PAINT? `)
  expect(again).toEqual({ ...first, cached: true, tookMs: expect.any(Number) })
  expect(memory.concept({ name: 'Boat' })?.accessCount).toBe(2)
  expect(memory.recallWindow(one, 100).held[0]?.uses).toBe(2)
  expect((await ask(one, question, { limit: 2 })).cached).toBeUndefined()
  expect((await ask(one, question, { filter: { withoutLabels: ['untrusted'] } })).cached).toBeUndefined()
  expect((await ask(other, question)).cached).toBeUndefined() // it has no goals
  memory.setContext(other, { goals: ['paint the boat'] }, whose(other))
  expect((await ask(other, question)).cached).toBe(true)
  expect((await ask(undefined, question)).cached).toBeUndefined()
  const elsewhere = aFilledMemory()
  elsewhere.memory.setContext(one, { goals: ['paint the boat blue'] }, whose(one))
  expect((await elsewhere.ask(one, question)).cached).toBeUndefined()
  memory.relateConcepts({ from: 'Boat', to: 'Cellar', type: 'near' }, by())
  expect((await ask(one, question)).cached).toBeUndefined()
  expect((await ask(one, question)).cached).toBe(true)
  memory.erase({ concepts: [{ name: 'Cellar' }] })
  expect((await ask(one, question)).cached).toBeUndefined()
  pass(5 * 60_000)
  expect((await ask(one, question)).cached).toBeUndefined()
})
