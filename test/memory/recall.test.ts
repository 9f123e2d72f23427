import { expect, it } from 'vitest'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { aMemory, by, day } from '../support/a-memory.ts'

function aFilledMemory() {
  const made = aMemory()
  const { memory } = made
  const add = (name: string, type: string, description: string, more = {}) =>
    memory.addConcept({ name, type, description, ...more }, by())
  add('Espresso machine', 'thing', 'Makes coffee in the kitchen; descaled every March', {
    attributes: { room: 'kitchen' },
  })
  add('Green tea', 'thing', 'Ana drinks it in the afternoon', { source: 'notes.md' })
  add('Quarterly report', 'document', 'Revenue and costs of the last quarter')
  add('Ana', 'person', 'Designs circuit boards')
  add('Router password policy', 'document', 'Passwords of routers are rotated every ninety days')
  memory.relateConcepts({ from: 'Ana', to: 'Quarterly report', type: 'wrote', weight: 0.9 }, by())
  return made
}
const names = (recall: { found: readonly { concept: { name: string } }[] }) =>
  recall.found.map(({ concept }) => concept.name)

it('finds by words, by other forms of them, and by what is joined to what it found', async () => {
  const { memory } = aFilledMemory()
  expect(names(await memory.recall({ text: 'Where is the espresso machine?' }))[0]).toBe('Espresso machine')
  // no word in common, only pieces of words
  expect(names(await memory.recall({ text: 'rotating router passwords' }))[0]).toBe('Router password policy')
  const found = await memory.recall({ text: 'Ana' })
  expect(names(found)).toContain('Quarterly report')
  const joined = found.found.find(({ concept }) => concept.name === 'Quarterly report')
  expect(joined?.parts).toMatchObject({ text: 0, graph: expect.closeTo(0.9, 1) })
  expect(joined?.reasons[0]).toBe('graph')
})

it('shows what each place in the ranking rests on, and the graph around', async () => {
  const { memory } = aFilledMemory()
  const { found, graph, embedder, tookMs } = await memory.recall({ text: 'Who wrote the quarterly report?' })
  expect(found[0]?.concept.name).toBe('Quarterly report')
  expect(found[0]?.parts).toMatchObject({ text: 1, vector: 1, recency: 1, reinforcement: 0.5, confidence: 1 })
  expect(found.every(({ score }, place) => score <= (found[place - 1]?.score ?? 1))).toBe(true)
  expect(graph.concepts.map(({ name }) => name)).toEqual(expect.arrayContaining(['Ana', 'Quarterly report']))
  expect(graph.relations).toMatchObject([{ from: 'Ana', to: 'Quarterly report', type: 'wrote' }])
  expect(embedder).toBe('built-in-1')
  expect(tookMs).toBeGreaterThan(0)
})

it('lets through only what meets the filter, also when the best do not', async () => {
  const { memory, pass } = aFilledMemory()
  const many = Array.from({ length: 150 }, (_, at) => ({
    name: `Tea ${at}`,
    entityType: 'noise',
    observations: ['green tea'],
  }))
  memory.createEntities(many, by('Web', ['untrusted']))
  const ask = async (filter: object) =>
    names(await memory.recall({ text: 'green tea', filter, by: ['text', 'vector'], limit: 1 }))
  expect(await ask({ types: ['thing'] })).toEqual(['Green tea'])
  expect(await ask({ sources: ['notes.md'] })).toEqual(['Green tea'])
  expect(await ask({ withoutLabels: ['untrusted'] })).toEqual(['Green tea'])
  expect(await ask({ clients: ['cl_Editor'] })).toEqual(['Green tea'])
  expect(await ask({ attributes: { room: 'kitchen' } })).toEqual([])
  const later = pass(day)
  memory.updateConcept({ name: 'Green tea' }, { description: 'Ana drinks it at noon' }, by())
  expect(await ask({ updatedFrom: later })).toEqual(['Green tea'])
  expect(await ask({ createdFrom: later })).toEqual([])
})

it('tells what was known then, in the words of then', async () => {
  const { memory, clock, pass } = aFilledMemory()
  const then = clock.now as EpochMs
  pass(day)
  memory.updateConcept({ name: 'Green tea' }, { description: 'Given up for water' }, by())
  memory.deleteEntities(['Espresso machine'], by())
  memory.addConcept({ name: 'Coffee grinder', type: 'thing', description: 'New in the kitchen' }, by())
  const past = await memory.recall({ text: 'coffee in the kitchen', asOf: then })
  expect(names(past)[0]).toBe('Espresso machine')
  expect(names(past)).not.toContain('Coffee grinder')
  expect(names(await memory.recall({ text: 'coffee in the kitchen' }))[0]).toBe('Coffee grinder')
  const tea = await memory.recall({ text: 'Ana afternoon tea', asOf: then })
  expect(tea.found[0]?.concept).toMatchObject({ name: 'Green tea', description: 'Ana drinks it in the afternoon' })
  expect((await memory.recall({ text: 'tea', asOf: (then - 1) as EpochMs })).found).toEqual([])
})

it('prefers the newer and the more used of two that fit as well', async () => {
  const { memory, pass } = aMemory()
  const same = (name: string) =>
    memory.addConcept({ name, type: 'note', description: 'parking place by the river' }, by())
  same('Note one')
  pass(60 * day)
  same('Note two')
  const ask = async () => (await memory.recall({ text: 'parking place river', limit: 2 })).found[0]?.concept.name
  expect(await ask()).toBe('Note two')
  for (let count = 0; count < 20; count++) memory.reinforce([{ name: 'Note one' }], by())
  expect(await ask()).toBe('Note one')
})

it('counts what was recalled, but not a look into the past', async () => {
  const { memory, clock } = aFilledMemory()
  await memory.recall({ text: 'green tea', limit: 1 })
  await memory.recall({ text: 'green tea', limit: 1, asOf: clock.now as EpochMs })
  expect(memory.concept({ name: 'Green tea' })).toMatchObject({ accessCount: 1, accessedAt: clock.now })
})

it('keeps a subgraph within its depth and budget, strong relations first', () => {
  const { memory } = aMemory()
  const chain = ['a', 'b', 'c', 'd', 'e']
  memory.createEntities(
    [...chain, 'weak'].map((name) => ({ name, entityType: 'x', observations: [] })),
    by(),
  )
  for (const [at, to] of chain.slice(1).entries())
    memory.relateConcepts({ from: chain[at] ?? '', to, type: 'next' }, by())
  memory.relateConcepts({ from: 'a', to: 'weak', type: 'next', weight: 0.1 }, by())
  const around = (depth: number, budget: number) => {
    const { concepts, relations, cut } = memory.subgraph(['a'], depth, budget)
    return [concepts.map(({ name }) => name).join(' '), relations.length, cut]
  }
  expect(around(0, 10)).toEqual(['a', 0, false])
  expect(around(1, 10)).toEqual(['a b weak', 2, false])
  expect(around(4, 10)).toEqual(['a b c d e weak', 5, false])
  expect(around(4, 3)).toEqual(['a b c', 2, true])
})

it('answers a question without any word it knows, and one in quotes and operators, without failing', async () => {
  const { memory } = aFilledMemory()
  for (const text of ['', '   ', '"""', 'NEAR(a b) OR * ^ -', '日本語', '\u0000', 'a'.repeat(50_000)])
    expect(Array.isArray((await memory.recall({ text })).found)).toBe(true)
})
