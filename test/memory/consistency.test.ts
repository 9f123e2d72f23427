import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { aMemory, by } from '../support/a-memory.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function filled(file?: string) {
  const made = aMemory(file ? { file } : {})
  const people = ['Ana', 'Ben', 'Dan'].map((name) => ({
    name,
    entityType: 'person',
    observations: [`${name} likes tea`],
  }))
  made.memory.createEntities(people, by())
  made.memory.createRelations([{ from: 'Ana', to: 'Ben', relationType: 'knows' }], by('Other'))
  return made
}

it('finds nothing wrong with what it wrote', () => {
  expect(filled().memory.check()).toEqual([])
})

it('makes texts, indexes and vectors anew where they are not those of their concepts', async () => {
  const { memory, db } = filled()
  db.exec(`
    DELETE FROM concept_text WHERE id = 1; UPDATE concept_text SET folded = 'x' WHERE id = 2;
    DELETE FROM concept_fts WHERE rowid = 3;
    INSERT INTO concept_fts (rowid, name, type, body) VALUES (99, 'ghost', '', '')`)
  expect(memory.check()).toEqual([
    { kind: 'index', problem: 'texts that were not those of their concepts: 4', repaired: true },
  ])
  db.exec(
    'DELETE FROM vector_1 WHERE id = 2; DELETE FROM vec_1 WHERE id = 3; INSERT INTO vector_1 SELECT 98, fine FROM vector_1 WHERE id = 1',
  )
  expect(memory.check()).toEqual([
    { kind: 'vectors', problem: 'vectors of no concept: 1', repaired: true },
    { kind: 'vectors', problem: 'the vector index was not that of the vectors', repaired: true },
  ])
  expect(memory.check()).toEqual([])
  expect(memory.searchNodes('ben likes').entities.map(({ name }) => name)).toEqual(['Ben'])
  expect((await memory.recall({ text: 'ghost', by: ['text'] })).found).toEqual([])
})

it('tells what it cannot put right', () => {
  const { memory, db } = filled()
  db.pragma('foreign_keys = OFF')
  db.exec(
    `DELETE FROM node WHERE name = 'Ben'; DELETE FROM change WHERE kind = 2; INSERT INTO observation VALUES (77, 500, 'x', 88)`,
  )
  expect(memory.check()).toEqual([
    { kind: 'dangling', problem: 'relations whose ends have no name: 1', repaired: false },
    { kind: 'dangling', problem: 'observations without their concept: 1', repaired: false },
    { kind: 'dangling', problem: 'concepts without a name: 1', repaired: false },
    { kind: 'history', problem: 'rows of which no write is known: 1', repaired: false },
    { kind: 'history', problem: 'rows without the change that brought them: 2', repaired: false },
    { kind: 'history', problem: 'writes without a change: 1', repaired: false },
    { kind: 'count', problem: 'observations were counted wrongly', repaired: true },
  ])
})

it('leaves no trace of an erased concept in the file, and everything of the others', () => {
  const file = join(folder, 'personal.db')
  const { memory, db } = filled(file)
  memory.createEntities([{ name: 'Xanthippe', entityType: 'person', observations: ['keeps zygodactyls'] }], by())
  memory.updateConcept({ name: 'Xanthippe' }, { description: 'quincunx' }, by())
  memory.createRelations([{ from: 'Ana', to: 'Xanthippe', relationType: 'obfuscates' }], by())
  memory.deleteObservations([{ entityName: 'Xanthippe', observations: ['keeps zygodactyls'] }], by())
  const traces = () => ['anthipp', 'zygodactyl', 'quincunx', 'obfuscates'].filter((word) => onDisk(file, word))
  expect(traces()).toHaveLength(4)
  const others = memory.openNodes(['Ana', 'Ben'])
  expect(memory.erase({ concepts: [{ name: 'Xanthippe' }] })).toBe(1)
  expect(traces()).toEqual([])
  expect(memory.openNodes(['Ana', 'Ben'])).toEqual({ ...others, relations: others.relations.slice(0, 1) })
  expect(memory.check()).toEqual([])
  db.close()
})

it('erases what one app brought, and what it said of others', () => {
  const file = join(folder, 'personal.db')
  const { memory, db } = filled(file)
  memory.createEntities([{ name: 'Secret plan', entityType: 'note', observations: [] }], by('Other'))
  memory.addObservations([{ entityName: 'Dan', contents: ['owes quixotry'] }], by('Other'))
  expect(memory.erase({ client: by('Other').client })).toBe(1)
  expect(onDisk(file, 'quixotry')).toBe(false)
  expect(memory.readGraph()).toEqual({
    entities: ['Ana', 'Ben', 'Dan'].map((name) => ({
      name,
      entityType: 'person',
      observations: [`${name} likes tea`],
    })),
    relations: [],
  })
  expect(memory.check()).toEqual([])
  expect(memory.erase('all')).toBe(3)
  expect(memory.overview()).toMatchObject({ concepts: 0, relations: 0, observations: 0, writes: 0 })
  expect(onDisk(file, 'likes tea')).toBe(false)
  expect(memory.check()).toEqual([])
  db.close()
})

const onDisk = (file: string, word: string): boolean =>
  ['', '-wal'].some((end) => readFileSync(`${file}${end}`, 'latin1').toLowerCase().includes(word))
