import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Concept, Provenance } from '../../shared/domain/memory.ts'
import { aMemory, by, day } from '../support/a-memory.ts'

type Memory = ReturnType<typeof aMemory>['memory']
const names = ['Ana', 'Ben', 'Tea', 'Gatehouse', 'Iași', 'Dan']
const name = fc.constantFrom(...names)

/** What a person sees of the graph: everything but what recalling changes. */
function seen(memory: Memory, asOf?: EpochMs) {
  const { concepts, relations, cut } = memory.subgraph(names, 4, 1_000, asOf)
  expect(cut).toBe(false)
  const plain = ({ strength: _, accessCount: __, accessedAt: ___, ...rest }: Concept) => rest
  return { concepts: concepts.map(plain).sort((a, b) => (a.name < b.name ? -1 : 1)), relations }
}

/** Writes of every kind; those that are refused change nothing. */
const write: fc.Arbitrary<(memory: Memory, who: Provenance) => void> = fc.oneof(
  fc.tuple(name, fc.array(fc.string(), { maxLength: 2 })).map(
    ([one, observations]) =>
      (memory: Memory, who: Provenance) =>
        void memory.createEntities([{ name: one, entityType: 'person', observations }], who),
  ),
  fc.tuple(name, name, fc.constantFrom('knows', 'likes')).map(
    ([from, to, relationType]) =>
      (memory: Memory, who: Provenance) =>
        void memory.createRelations([{ from, to, relationType }], who),
  ),
  fc.tuple(name, fc.string()).map(
    ([entityName, text]) =>
      (memory: Memory, who: Provenance) =>
        void memory.addObservations([{ entityName, contents: [text] }], who),
  ),
  name.map((one) => (memory: Memory, who: Provenance) => void memory.deleteEntities([one], who)),
  name.map((one) => (memory: Memory, who: Provenance) => void memory.forget([{ name: one }], who)),
  name.map((one) => (memory: Memory, who: Provenance) => void memory.reinforce([{ name: one }], who)),
  fc.tuple(name, fc.string()).map(
    ([one, description]) =>
      (memory: Memory, who: Provenance) =>
        void memory.updateConcept({ name: one }, { description, attributes: { said: description } }, who),
  ),
  fc.tuple(name, name).map(
    ([one, other]) =>
      (memory: Memory, who: Provenance) =>
        void memory.updateConcept({ name: one }, { name: other }, who),
  ),
  fc.tuple(name, name, fc.double({ min: 0, max: 1, noNaN: true })).map(
    ([from, to, weight]) =>
      (memory: Memory, who: Provenance) =>
        void memory.relateConcepts({ from, to, type: 'knows', weight }, who),
  ),
)

const refused = (attempt: () => void): void => {
  try {
    attempt()
  } catch (error) {
    expect(error).toMatchObject({ name: 'GatehouseError' })
  }
}

it('undoes writes of any kind, last first, until nothing is there', () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 20 }), (steps) => {
      const { memory, writes, pass, db } = aMemory()
      const states = [seen(memory)]
      for (const step of steps) {
        pass(1000)
        const before = writes.length
        refused(() => step(memory, by()))
        if (writes.length > before) states.push(seen(memory))
      }
      expect(states.length).toBe(writes.length + 1)
      for (const write of [...writes].reverse()) {
        expect(seen(memory)).toEqual(states.pop())
        memory.undo(write, by('Person'))
      }
      expect(seen(memory)).toEqual(states.pop())
      expect(memory.overview()).toMatchObject({ concepts: 0, relations: 0, observations: 0 })
      expect(memory.check()).toEqual([])
      db.close()
    }),
    { numRuns: 50 },
  )
})

it('knows what was known at any earlier time', () => {
  fc.assert(
    fc.property(fc.array(write, { minLength: 1, maxLength: 20 }), (steps) => {
      const { memory, clock, pass, db } = aMemory()
      const states: { at: number; state: ReturnType<typeof seen> }[] = []
      for (const step of steps) {
        pass(1000)
        refused(() => step(memory, by()))
        states.push({ at: clock.now, state: seen(memory) })
      }
      pass(day)
      for (const { at, state } of states) {
        expect(named(seen(memory, at as EpochMs))).toEqual(named(state))
        expect(named(seen(memory, (at + 999) as EpochMs))).toEqual(named(state))
      }
      db.close()
    }),
    { numRuns: 30 },
  )
})

/** Ends of relations bear the names of today. */
const named = ({ concepts, relations }: ReturnType<typeof seen>) => ({
  concepts,
  relations: relations.map(({ from: _, to: __, ...relation }) => relation),
})

it('says of each write who made it, from where, and what it changed', () => {
  const { memory, writes, clock } = aMemory()
  const who = { ...by('Editor', ['untrusted']), session: 'se_1', call: 'ca_1' } as Provenance
  memory.createEntities([{ name: 'Ana', entityType: 'person', observations: ['likes tea'] }], who)
  memory.createRelations([{ from: 'Ana', to: 'Ben', relationType: 'knows' }], by('Other'))
  memory.updateConcept({ name: 'Ana' }, { description: 'a colleague' }, by('Other'))
  memory.deleteEntities(['Ana'], by('Other'))
  const shown = memory.history({ limit: 10 })
  expect(shown.map(({ act, by: { clientName } }) => `${act} by ${clientName}`)).toEqual([
    'delete_entities by Other',
    'update_concept by Other',
    'create_relations by Other',
    'create_entities by Editor',
  ])
  expect(shown[3]).toMatchObject({ id: writes[0], at: clock.now, by: who })
  expect(shown.map(({ changes }) => changes.map(({ kind, name: of }) => `${kind} ${of}`))).toEqual([
    ['removed Ana', 'removed Ana knows Ben'],
    ['changed Ana'],
    ['added Ana knows Ben'],
    ['added Ana'],
  ])
  expect(memory.history({ limit: 10, of: { name: 'Ana' } })).toHaveLength(4) // also that its relation came and went
  expect(memory.history({ limit: 2, before: shown[1]?.id as never }).map(({ act }) => act)).toEqual([
    'create_relations',
    'create_entities',
  ])
})

it('does not undo what was changed again since, nor anything twice', async () => {
  const { memory, writes } = aMemory()
  memory.createEntities([{ name: 'Ana', entityType: 'person', observations: [] }], by())
  memory.updateConcept({ name: 'Ana' }, { description: 'first' }, by())
  const [created, updated] = writes
  expect(() => memory.undo(created as never, by())).toThrow(
    expect.objectContaining({ code: 'memory.changed-since', params: { name: 'Ana', write: updated } }),
  )
  const undo = await memory.undo(updated as never, by())
  expect(() => memory.undo(updated as never, by())).toThrow(expect.objectContaining({ code: 'memory.undone' }))
  expect(() => memory.undo('wr_99', by())).toThrow(expect.objectContaining({ code: 'memory.no-write' }))
  // the change is taken back, so what was before it can be undone, or the undoing itself
  await memory.undo(undo, by())
  expect(memory.concept({ name: 'Ana' })?.description).toBe('first')
})

it('puts nothing back over what has taken its place', () => {
  const { memory, writes } = aMemory()
  memory.createEntities([{ name: 'Ana', entityType: 'person', observations: [] }], by())
  memory.updateConcept({ name: 'Ana' }, { name: 'Anna' }, by())
  memory.createEntities([{ name: 'Ana', entityType: 'cat', observations: [] }], by())
  expect(() => memory.undo(writes[1] as never, by())).toThrow(expect.objectContaining({ code: 'memory.changed-since' }))
  memory.createRelations([{ from: 'Ana', to: 'Ben', relationType: 'knows' }], by())
  memory.deleteRelations([{ from: 'Ana', to: 'Ben', relationType: 'knows' }], by())
  memory.createRelations([{ from: 'Ana', to: 'Ben', relationType: 'knows' }], by('Other'))
  expect(() => memory.undo(writes[4] as never, by())).toThrow(expect.objectContaining({ code: 'memory.changed-since' }))
  expect(memory.check()).toEqual([])
})

it('takes a large write back in slices: others read what was there before, and it is one write or none', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
  const { memory, writes } = aMemory({ file: join(folder, 'memory.db') })
  const many = Array.from({ length: 700 }, (_, at) => ({
    name: `Note ${at}`,
    entityType: 'note',
    observations: ['tea'],
  }))
  memory.createEntities(many, by())
  const [created] = writes as [`wr_${number}`]
  memory.updateConcept({ name: 'Note 650' }, { description: 'changed since' }, by())
  await expect(memory.undo(created, by())).rejects.toMatchObject({ code: 'memory.changed-since' })
  expect([memory.overview().concepts, memory.history({ limit: 9 }).length]).toEqual([700, 2])
  await memory.undo(writes[1] as `wr_${number}`, by())
  const looked = { meanwhile: 0, done: false }
  const undoing = Promise.resolve(memory.undo(created, by('Person'))).finally(() => {
    looked.done = true
  })
  for (; !looked.done; looked.meanwhile++) {
    expect(memory.openNodes(['Note 3', 'Note 699']).entities).toHaveLength(2)
    await nextTurn()
  }
  expect(looked.meanwhile).toBeGreaterThan(7)
  const undone = await undoing
  expect(memory.overview()).toMatchObject({ concepts: 0, observations: 0, writes: 4 })
  expect(memory.history({ limit: 1 })).toMatchObject([{ id: undone, undoes: created, by: { clientName: 'Person' } }])
  await expect(async () => memory.undo(created, by())).rejects.toMatchObject({ code: 'memory.undone' })
  await memory.undo(undone, by())
  expect(memory.openNodes(['Note 3']).entities).toEqual([many[3]])
  await memory.embedded()
  expect(memory.check()).toEqual([])
  await memory.close()
  rmSync(folder, { recursive: true })
})

it('is found sound right after another connection rewrote the full-text index', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
  const file = join(folder, 'memory.db')
  const first = aMemory({ file })
  const notes = (of: string, length: number) =>
    Array.from({ length }, (_, at) => ({ name: `${of}-${at}`, entityType: 'x', observations: [] }))
  first.memory.createEntities(notes('u', 300), by())
  first.memory.createEntities(notes('q', 1), by())
  first.memory.createEntities(notes('v', 300), by())
  await first.memory.embedded()
  await first.memory.close()
  const { memory } = aMemory({ file })
  expect(memory.check()).toEqual([])
  await memory.undo(first.writes[2] as `wr_${number}`, by())
  expect(memory.check()).toEqual([])
  await memory.close()
  rmSync(folder, { recursive: true })
})
