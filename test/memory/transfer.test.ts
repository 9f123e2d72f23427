import { expect, it } from 'vitest'
import type { GraphDocument } from '../../shared/domain/memory.ts'
import { aMemory, by } from '../support/a-memory.ts'

const document: GraphDocument = {
  concepts: [
    {
      name: 'Ana',
      type: 'person',
      description: 'a colleague',
      attributes: { age: 31 },
      observations: ['likes tea'],
      labels: ['untrusted'],
    },
    { name: 'Ben', type: 'person', confidence: 0.5 },
  ],
  relations: [{ from: 'Ana', to: 'Unknown', type: 'knows', weight: 0.5, labels: ['private'] }],
}

it('brings a document in as one write, with the labels it came with, and takes it back as one', () => {
  const { memory } = aMemory()
  memory.createEntities([{ name: 'Ana', entityType: 'person', observations: ['runs'] }], by())
  const before = memory.readGraph()
  const done = memory.importGraph(document, 'merge', by('Person'))
  expect(done).toEqual({ concepts: 1, relations: 1, merged: 1, write: 'wr_2' })
  expect(memory.concept({ name: 'Ana' })).toMatchObject({
    description: 'a colleague',
    attributes: { age: 31 },
    labels: ['untrusted'],
    observations: [{ text: 'runs' }, { text: 'likes tea' }],
  })
  expect(memory.concept({ name: 'Ben' })).toMatchObject({ confidence: 0.5, source: 'imported' })
  memory.undo('wr_2', by('Person'))
  expect(memory.readGraph()).toEqual(before)
  expect(memory.check()).toEqual([])
})

it('puts a document in place of what is known, or changes nothing when it is refused', () => {
  const { memory } = aMemory({ limits: { concepts: 2, nameChars: 10 } })
  memory.createEntities([{ name: 'Old', entityType: 'x', observations: [] }], by())
  memory.createRelations([{ from: 'Old', to: 'Older', relationType: 'x' }], by())
  const before = memory.readGraph()
  const tooLong = { ...document, concepts: [...document.concepts, { name: 'a'.repeat(11), type: 'x' }] }
  for (const refused of [{ ...document, concepts: [...document.concepts, { name: 'C', type: 'x' }] }, tooLong]) {
    expect(() => memory.importGraph(refused, 'replace', by())).toThrow(
      expect.objectContaining({ code: 'memory.limit' }),
    )
    expect(memory.readGraph()).toEqual(before)
  }
  memory.importGraph(document, 'replace', by())
  expect(memory.readGraph().entities.map(({ name }) => name)).toEqual(['Ana', 'Ben'])
  expect(memory.readGraph().relations).toEqual([{ from: 'Ana', to: 'Unknown', relationType: 'knows' }])
  expect(memory.check()).toEqual([])
})

it('gives everything out in portions', () => {
  const { memory } = aMemory()
  memory.createEntities(
    ['a', 'b', 'c'].map((name) => ({ name, entityType: 'x', observations: [] })),
    by(),
  )
  memory.createRelations([{ from: 'a', to: 'b', relationType: 'x' }], by())
  const first = memory.portion({ of: 'concepts', after: 0, limit: 2 })
  const second = memory.portion({ of: 'concepts', after: first.last ?? 0, limit: 2 })
  expect([first, second].map(({ concepts }) => concepts.map(({ name }) => name))).toEqual([['a', 'b'], ['c']])
  expect(memory.portion({ of: 'concepts', after: second.last ?? 0, limit: 2 })).toEqual({ concepts: [], relations: [] })
  expect(memory.portion({ of: 'relations', after: 0, limit: 2 }).relations).toMatchObject([{ from: 'a', to: 'b' }])
})

it('makes the vectors of a large import afterwards, and finds by words meanwhile', async () => {
  const { memory } = aMemory()
  const concepts = Array.from({ length: 300 }, (_, at) => ({
    name: `Note ${at}`,
    type: 'note',
    description: `topic${at}`,
  }))
  memory.importGraph({ concepts, relations: [] }, 'merge', by())
  expect((await memory.recall({ text: 'topic7' })).found[0]?.concept.name).toBe('Note 7')
  await memory.embedded()
  expect((await memory.recall({ text: 'topic7', by: ['vector'] })).found[0]?.concept.name).toBe('Note 7')
})
