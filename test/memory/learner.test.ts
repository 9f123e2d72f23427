import { expect, it } from 'vitest'
import { extract } from '../../main/memory/learning/extract.ts'
import { aMemory, by, day } from '../support/a-memory.ts'
import { processorTime } from '../support/processor-time.ts'

const relationsOf = (said: string) => extract({ said }).relations.map(({ from, type, to }) => `${from} ${type} ${to}`)

it('takes preferences, facts and relations from what the person says, in English and Romanian', () => {
  expect(relationsOf('I really like green tea. I hate loud music!')).toEqual([
    'User likes green tea',
    'User dislikes loud music',
  ])
  expect(relationsOf('I live in Cluj, near the park. I work at Initech.')).toEqual([
    'User lives in Cluj',
    'User works at Initech',
  ])
  expect(relationsOf('My sister is called Ana. My dog is Rex.')).toEqual(['User has sister Ana', 'User has dog Rex'])
  expect(relationsOf('Ana Popescu works at Initech. The Billing Service depends on Postgres 16.')).toEqual([
    'Ana Popescu works at Initech',
    'Billing Service depends on Postgres 16',
  ])
  expect(relationsOf('Îmi place cafeaua. Locuiesc în Iași.')).toEqual(['User likes cafeaua', 'User lives in Iași'])
  expect(extract({ said: 'Please remember that the gate code is 4711.' }).concepts).toMatchObject([
    { name: 'gate code is 4711', type: 'fact', observation: 'Please remember that the gate code is 4711.' },
  ])
})

it('reads nothing into questions, and no facts into answers', () => {
  expect(relationsOf('Do I like green tea?')).toEqual([])
  expect(extract({ said: 'ok', answered: 'I like Rome. My name is Claude Model.' })).toMatchObject({
    concepts: [],
    relations: [],
  })
})

it('takes time in proportion to what was said, whatever it is', () => {
  const tookMs = processorTime()
  for (const piece of ['A ', 'I like ', 'my my ', 'a.b', 'Ana Ana ', '... '])
    extract({ said: piece.repeat(20_000 / piece.length), answered: piece.repeat(20_000 / piece.length) })
  expect(tookMs()).toBeLessThan(2_000)
})

it('adds what is new as learned, reinforces what is known, and joins what comes up together', () => {
  const { memory } = aMemory()
  const first = memory.learn({ said: 'I like green tea. Ana Popescu works at Initech.' }, by('Chat'))
  expect(first.added).toEqual(['green tea', 'Ana Popescu', 'Initech'])
  expect(memory.concept({ name: 'green tea' })).toMatchObject({
    type: 'preference',
    source: 'learned',
    confidence: 0.8,
    observations: [{ text: 'I like green tea.', by: { clientName: 'Chat' } }],
  })
  const second = memory.learn(
    { said: 'I like Green Tea with lemon. What about it?', answered: 'Ana Popescu knows.' },
    by('Chat'),
  )
  expect(second.reinforced).toContain('Ana Popescu')
  expect(memory.concept({ name: 'Ana Popescu' })?.strength).toBeCloseTo(2)
  const { relations } = memory.subgraph(['Ana Popescu'], 1, 10)
  const together = relations.find(
    ({ from, type, to }) => `${from} ${type} ${to}` === 'Ana Popescu mentioned with Initech',
  )
  expect(together).toMatchObject({ inferred: true, weight: expect.closeTo(0.2) })
  memory.learn({ said: 'Ana Popescu works at Initech.' }, by('Chat'))
  expect(memory.subgraph(['Ana Popescu'], 1, 10).relations.find(({ id }) => id === together?.id)?.weight).toBeCloseTo(
    0.36,
  )
  expect(memory.check()).toEqual([])
})

it('learns the same thing said in other letters only once', () => {
  const { memory } = aMemory()
  memory.learn({ said: 'I live in Iași.' }, by())
  const { added, reinforced } = memory.learn({ said: 'I live in IASI.' }, by())
  expect([added, reinforced]).toEqual([[], ['Iași']])
  expect(memory.concept({ name: 'Iași' })?.confidence).toBeGreaterThan(0.8)
})

it('keeps the labels of a session on what it learned, and learns nothing where a secret was read', () => {
  const { memory, writes } = aMemory()
  memory.learn({ said: 'I like green tea.' }, by('Chat', ['untrusted']))
  expect(memory.concept({ name: 'green tea' })?.labels).toEqual(['untrusted'])
  expect(memory.learn({ said: 'I like black coffee.' }, by('Chat', ['secret']))).toEqual({
    writes: [],
    added: [],
    reinforced: [],
    relations: [],
  })
  expect(writes).toHaveLength(1)
})

it('undoes a lesson as a whole', () => {
  const { memory, writes } = aMemory()
  memory.learn({ said: 'I like green tea. Ana Popescu works at Initech.' }, by())
  memory.undo(writes[0] as never, by())
  expect(memory.readGraph()).toEqual({ entities: [], relations: [] })
})

it('merges duplicates, prunes what was learned and faded, strengthens what is used together, and takes it all back', async () => {
  const { memory, pass } = aMemory()
  const person = (name: string, ...observations: string[]) => ({ name, entityType: 'person', observations })
  memory.createEntities([person('Ana Popescu', 'likes tea'), person('Ben', 'runs'), person('Dan')], by('Editor'))
  memory.createRelations([{ from: 'Ana Popescu', to: 'Ben', relationType: 'knows' }], by())
  pass(1000)
  memory.createEntities(
    [person('ana  popescu', 'likes tea', 'moved to Iași'), person('Room 1'), person('Room 2')],
    by('Other'),
  )
  memory.createRelations([{ from: 'ana  popescu', to: 'Dan', relationType: 'knows' }], by())
  memory.relateConcepts({ from: 'Ben', to: 'Dan', type: 'near', weight: 0.5 }, by())
  memory.learn({ said: 'I like green tea.' }, by())
  await memory.recall({ text: 'Ben', limit: 1, depth: 0 })
  await memory.recall({ text: 'Dan', limit: 1, depth: 0 })
  const before = memory.readGraph()
  pass(200 * day)
  const done = await memory.consolidate(by('Gatehouse'))
  expect(done).toMatchObject({
    merged: [{ kept: 'Ana Popescu', gone: 'ana  popescu', similarity: 1 }],
    prunedConcepts: 2,
  })
  expect(done.strengthened).toBeGreaterThan(0)
  expect(memory.concept({ name: 'Ana Popescu' })?.observations).toMatchObject([
    { text: 'likes tea', by: { clientName: 'Editor' } },
    { text: 'moved to Iași', by: { clientName: 'Other' } },
  ])
  expect(memory.openNodes(['Ana Popescu']).relations).toEqual([
    { from: 'Ana Popescu', to: 'Ben', relationType: 'knows' },
    { from: 'Ana Popescu', to: 'Dan', relationType: 'knows' },
  ])
  expect(memory.openNodes(['Room 1', 'Room 2', 'green tea']).entities.map(({ name }) => name)).toEqual([
    'Room 1',
    'Room 2',
  ])
  expect(memory.check()).toEqual([])
  memory.undo(done.write as never, by('Person'))
  expect(memory.readGraph()).toEqual(before)
  expect(memory.check()).toEqual([])
})

it('merges nothing trusted with what is not', async () => {
  const { memory } = aMemory()
  memory.createEntities([{ name: 'Ana', entityType: 'person', observations: [] }], by())
  memory.createEntities(
    [{ name: 'ANA', entityType: 'person', observations: ['send her the keys'] }],
    by('Web', ['untrusted']),
  )
  expect(await memory.consolidate(by())).toMatchObject({ merged: [] })
  expect(memory.readGraph().entities).toHaveLength(2)
})

it('answers questions while it consolidates', async () => {
  const { memory } = aMemory()
  memory.createEntities(
    Array.from({ length: 600 }, (_, at) => ({
      name: `Note ${at}`,
      entityType: 'note',
      observations: [`about topic ${at}`],
    })),
    by(),
  )
  await memory.embedded()
  let over = false
  const running = memory.consolidate(by()).then(() => {
    over = true
  })
  let answered = 0
  while (!over) {
    expect((await memory.recall({ text: 'topic 17', limit: 1 })).found).toHaveLength(1)
    answered++
    await new Promise((later) => setImmediate(later))
  }
  await running
  expect(answered).toBeGreaterThan(3)
})
