import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Engine } from '../../main/memory/engine.ts'
import { beginning, type GraphDocument, type ImportMode } from '../../shared/domain/memory.ts'
import { aMemory, by, sourceOf } from '../support/a-memory.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-transfer-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const onDisk = (limits = {}) => aMemory({ file: join(folder, 'memory.db'), limits })
const imported = (memory: Engine, document: GraphDocument, mode: ImportMode, who = by()) =>
  memory.importFrom(sourceOf(document), { mode, by: who, tell: () => {} })

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

it('brings a document in as one write, with the labels it came with, and takes it back as one', async () => {
  const { memory } = onDisk()
  memory.createEntities([{ name: 'Ana', entityType: 'person', observations: ['runs'] }], by())
  const before = memory.readGraph()
  const done = await imported(memory, document, 'merge', by('Person'))
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

it('puts a document in place of what is known, or changes nothing when it is refused', async () => {
  const { memory } = onDisk({ concepts: 2, nameChars: 10 })
  memory.createEntities([{ name: 'Old', entityType: 'x', observations: [] }], by())
  memory.createRelations([{ from: 'Old', to: 'Older', relationType: 'x' }], by())
  const before = memory.readGraph()
  const long = 'a'.repeat(11)
  for (const refused of [
    { ...document, concepts: [...document.concepts, { name: 'C', type: 'x' }] },
    { ...document, concepts: [...document.concepts, { name: long, type: 'x' }] },
    { ...document, relations: [...document.relations, { from: 'Ana', to: long, type: 'x' }] },
  ]) {
    await expect(imported(memory, refused, 'replace')).rejects.toMatchObject({ code: 'memory.limit' })
    expect(memory.readGraph()).toEqual(before)
  }
  await imported(memory, document, 'replace')
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
  const first = memory.portion({ of: 'concepts', after: beginning, limit: 2 })
  const second = memory.portion({ of: 'concepts', after: first.last ?? beginning, limit: 2 })
  expect([first, second].map(({ concepts }) => concepts.map(({ name }) => name))).toEqual([['a', 'b'], ['c']])
  expect(memory.portion({ of: 'concepts', after: second.last ?? beginning, limit: 2 })).toEqual({
    concepts: [],
    relations: [],
  })
  expect(memory.portion({ of: 'relations', after: beginning, limit: 2 }).relations).toMatchObject([
    { from: 'a', to: 'b' },
  ])
})

it('gives concepts out in the order they were made, also one that was forgotten and came back', () => {
  const { memory } = aMemory()
  const made = (name: string) => memory.createEntities([{ name, entityType: 'x', observations: [] }], by())
  for (const name of ['a', 'b', 'c']) made(name)
  memory.deleteEntities(['a'], by())
  made('a')
  const names = memory.portion({ of: 'concepts', after: beginning, limit: 9 }).concepts.map(({ name }) => name)
  expect(names).toEqual(['b', 'c', 'a'])
  expect(names).toEqual(memory.readGraph().entities.map(({ name }) => name))
})

it('makes the vectors of a large import afterwards, and finds by words meanwhile', async () => {
  const { memory } = onDisk()
  const concepts = Array.from({ length: 300 }, (_, at) => ({
    name: `Note ${at}`,
    type: 'note',
    description: `topic${at}`,
  }))
  await imported(memory, { concepts, relations: [] }, 'merge')
  expect((await memory.recall({ text: 'topic7' })).found[0]?.concept.name).toBe('Note 7')
  await memory.embedded()
  expect((await memory.recall({ text: 'topic7', by: ['vector'] })).found[0]?.concept.name).toBe('Note 7')
})
