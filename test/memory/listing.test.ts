import { expect, it } from 'vitest'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { aMemory, by, day } from '../support/a-memory.ts'

const namesOf = (page: { concepts: readonly { name: string }[] }) => page.concepts.map(({ name }) => name)

function manyConcepts(count: number) {
  const made = aMemory()
  for (let at = 0; at < count; at++) {
    made.pass(1_000)
    made.memory.createEntities([{ name: `C${at}`, entityType: at % 3 ? 'b' : 'a', observations: [] }], by())
  }
  return made
}

it('lists a page at a time, the one that changed last first, each once', () => {
  const { memory, pass } = manyConcepts(25)
  pass(1_000)
  memory.addObservations([{ entityName: 'C3', contents: ['changed'] }], by())
  const seen: string[] = []
  for (let from: string | undefined = ''; from !== undefined; ) {
    const page = memory.list({ limit: 10, from })
    seen.push(...namesOf(page))
    from = page.next
  }
  expect(seen.slice(0, 3)).toEqual(['C3', 'C24', 'C23'])
  expect(seen.toSorted()).toEqual(Array.from({ length: 25 }, (_, at) => `C${at}`).toSorted())
  expect(namesOf(memory.list({ limit: 5, filter: { types: ['a'] } }))).toEqual(['C3', 'C24', 'C21', 'C18', 'C15'])
  expect(namesOf(memory.list({ limit: 5, filter: { clients: ['cl_Other' as never] } }))).toEqual([])
})

it('counts what can be filtered by', () => {
  const { memory } = manyConcepts(4)
  memory.addConcept({ name: 'Own', type: 'b', source: 'notes.md' }, by('Other'))
  expect(memory.facets()).toMatchObject({
    types: [
      { value: 'b', count: 3 },
      { value: 'a', count: 2 },
    ],
    sources: [
      { value: 'told', count: 4 },
      { value: 'notes.md', count: 1 },
    ],
    clients: [
      { value: 'cl_Editor', name: 'Editor', count: 4 },
      { value: 'cl_Other', name: 'Other', count: 1 },
    ],
  })
})

it('draws the graph in portions, without relations to what nothing is known of', () => {
  const { memory } = manyConcepts(5)
  const link = (from: string, to: string) => ({ from, to, relationType: 'knows' })
  memory.createRelations([link('C0', 'C4'), link('C4', 'C0'), link('C1', 'nobody')], by('Editor', ['untrusted']))
  const [first, second] = [memory.picture({ skip: 0, limit: 3 }), memory.picture({ skip: 3, limit: 3 })]
  expect([first.total, first.nodes.length, second.nodes.length]).toEqual([5, 3, 2])
  const idOf = (name: string) => [...first.nodes, ...second.nodes].find((one) => one.name === name)?.id
  expect(first.edges).toMatchObject([{ from: idOf('C4'), to: idOf('C0'), type: 'knows', labels: ['untrusted'] }])
  expect(second.edges).toMatchObject([{ from: idOf('C0'), to: idOf('C4') }])
})

it('draws the graph as it was at a time', () => {
  const { memory, pass } = aMemory()
  memory.addConcept({ name: 'Ana', type: 'person' }, by())
  memory.addConcept({ name: 'Rex', type: 'dog' }, by())
  memory.relateConcepts({ from: 'Ana', to: 'Rex', type: 'owns' }, by())
  const then = pass(day)
  pass(day)
  memory.updateConcept({ name: 'Ana' }, { name: 'Ana Pop' }, by())
  memory.forget([{ name: 'Rex' }], by())
  memory.addConcept({ name: 'Later', type: 'thing' }, by())
  const drawn = memory.picture({ skip: 0, limit: 100, asOf: then as EpochMs })
  expect(drawn.nodes.map(({ name }) => name).toSorted()).toEqual(['Ana', 'Rex'])
  expect(drawn.edges).toMatchObject([{ type: 'owns' }])
  expect(drawn.total).toBe(2)
  expect([0, 1, 2].map((skip) => memory.picture({ skip, limit: 1, asOf: then }).nodes.length)).toEqual([1, 1, 0])
  expect(memory.picture({ skip: 0, limit: 100, asOf: (then - 30 * day) as EpochMs }).nodes).toEqual([])
})

it('merges two concepts, says so of what remains, and takes it back', () => {
  const { memory } = aMemory()
  memory.addConcept({ name: 'Ana', type: 'person', observations: ['likes tea'] }, by())
  memory.addConcept({ name: 'Anna', type: 'person', observations: ['likes milk'] }, by('Web', ['untrusted']))
  memory.addConcept({ name: 'Rex', type: 'dog' }, by())
  memory.relateConcepts({ from: 'Anna', to: 'Rex', type: 'owns' }, by())
  const write = memory.merge({ name: 'Ana' }, { name: 'Anna' }, by())
  const ana = memory.concept({ name: 'Ana' })
  expect(ana?.observations.map(({ text, by: who }) => [text, who.clientName])).toEqual([
    ['likes tea', 'Editor'],
    ['likes milk', 'Web'],
  ])
  expect(ana?.labels).toEqual(['untrusted'])
  expect(memory.concept({ name: 'Anna' })).toBeUndefined()
  expect(memory.subgraph(['Ana'], 1, 10).relations).toMatchObject([{ from: 'Ana', to: 'Rex' }])
  memory.undo(write, by())
  expect(memory.concept({ name: 'Anna' })?.observations).toHaveLength(1)
  expect(memory.concept({ name: 'Ana' })?.labels).toEqual([])
  expect(() => memory.merge({ name: 'Ana' }, { name: 'Ana' }, by())).toThrow('memory.exists')
  expect(memory.check()).toEqual([])
})

it('forgets a relation, and takes it back', () => {
  const { memory } = aMemory()
  for (const name of ['Ana', 'Rex']) memory.addConcept({ name, type: 'x' }, by())
  memory.relateConcepts({ from: 'Ana', to: 'Rex', type: 'owns', weight: 0.4 }, by())
  const link = { from: 'Ana', to: 'Rex', relationType: 'owns' }
  const write = memory.unrelate(link, by())
  expect(memory.subgraph(['Ana'], 1, 10).relations).toEqual([])
  const acts = (name: string) => memory.history({ of: { name }, limit: 10 }).map(({ act }) => act)
  expect([acts('Ana'), acts('Rex')].map((each) => each.slice(0, 2))).toEqual([
    ['delete_relations', 'relate_concepts'],
    ['delete_relations', 'relate_concepts'],
  ])
  expect(() => memory.unrelate(link, by())).toThrow('memory.unknown')
  memory.undo(write, by())
  expect(memory.subgraph(['Ana'], 1, 10).relations).toMatchObject([{ weight: 0.4 }])
})

it('makes nothing stronger when the person only looks', async () => {
  const { memory } = aMemory()
  memory.addConcept({ name: 'Ana', type: 'person' }, by())
  await memory.recall({ text: 'Ana', lookOnly: true })
  expect(memory.concept({ name: 'Ana' })?.accessCount).toBe(0)
  await memory.recall({ text: 'Ana' })
  expect(memory.concept({ name: 'Ana' })?.accessCount).toBe(1)
})
