import fc from 'fast-check'
import { expect, it } from 'vitest'
import { cosine } from '../../main/memory/embedders/quantise.ts'
import { Graph } from '../../main/memory/graph.ts'
import { filterOf } from '../../main/memory/recall/filter.ts'
import { type Meeting, meetingOf } from '../../main/memory/recall/meeting.ts'
import type { Json } from '../../shared/domain/json.ts'
import { memoryLimits, type RecallFilter } from '../../shared/domain/memory.ts'
import { aRandom } from '../bench/memory-world.ts'
import { aMemory, by, day } from '../support/a-memory.ts'

const types = ['person', 'Project', 'it’s "quoted"', '']
const sources = ['told', 'notes.md', 'learned']
const values: Json[] = [null, true, false, 0, 2, -0.5, '2', 'true', 'Ană', '', [1, [2]], [], { a: 1, b: [null] }, {}]
const keys = ['room', '$.room', 'a"b', 'length', '0']
const clients = ['Editor', 'Web', 'Phone']
const words = 'tea coffee kitchen river report password router ana garden march'.split(' ')

/** Some hundred concepts of which every part of a filter divides. */
async function aVariedMemory(count: number) {
  const made = aMemory()
  const random = aRandom(11)
  const one = <T>(of: readonly T[]): T => of[Math.floor(random() * of.length)] as T
  for (let at = 0; at < count; at++) {
    const attributes = Object.fromEntries(keys.filter(() => random() < 0.4).map((key) => [key, one(values)]))
    const who = by(one(clients), random() < 0.3 ? ['untrusted'] : random() < 0.2 ? ['private', 'untrusted'] : [])
    const text = () => Array.from({ length: 6 }, () => one(words)).join(' ')
    made.memory.addConcept(
      {
        name: `Concept ${at}`,
        type: one(types),
        source: one(sources),
        confidence: at % 11 === 0 ? 0.5 : 1,
        attributes,
        description: text(),
      },
      who,
    )
    if (at % 3 === 0) made.pass(day)
    if (at % 7 === 0)
      made.memory.updateConcept({ name: `Concept ${at >> 1}` }, { description: text() }, by(one(clients)))
  }
  await made.memory.embedded()
  const parts = { limits: memoryLimits, now: () => made.clock.now, onWrite: () => {}, remote: () => undefined }
  const graph = new Graph({ db: made.db, ...parts, beside: true })
  return { ...made, graph, rows: [...graph.tables.concepts.all()] }
}

const start = Date.UTC(2026, 0, 1)
const some = <T>(of: readonly T[]) => fc.subarray([...of], { minLength: 1 })
const time = fc.integer({ min: -1, max: 40 }).map((days) => start + days * day)
const anyFilter = fc.record(
  {
    types: some([...types, 'nobody’s']),
    sources: some([...sources, 'nowhere']),
    clients: some([...clients.map((name) => `cl_${name}`), 'cl_Nobody']),
    withoutLabels: some(['untrusted', 'private', 'secret']),
    minConfidence: fc.constantFrom(0, 0.5, 0.51, 1),
    createdFrom: time,
    createdTo: time,
    updatedFrom: time,
    updatedTo: time,
    attributes: fc.dictionary(fc.constantFrom(...keys, 'none'), fc.constantFrom(...values), { maxKeys: 2 }),
  },
  { requiredKeys: [] },
) as unknown as fc.Arbitrary<RecallFilter>

it('finds the concepts that meet a filter as comparing each of them does, whatever it names', {
  timeout: 60_000,
}, async () => {
  const { graph, rows } = await aVariedMemory(200)
  const met = { some: 0, none: 0 }
  fc.assert(
    fc.property(anyFilter, (filter) => {
      const wanted = rows.filter(filterOf(filter, graph.tables.history)).map(({ id }) => id)
      const found = meetingOf(graph.db, filter)
      expect(found.kind === 'few' && [...found.ids].sort((a, b) => a - b)).toEqual(wanted)
      met[wanted.length > 0 ? 'some' : 'none']++
    }),
    { numRuns: 400, seed: 5 },
  )
  expect(met.some).toBeGreaterThan(30)
  expect(met.none).toBeGreaterThan(50)
})

it('ranks what meets a filter as ranking everything and looking through it does, few or many', {
  timeout: 60_000,
}, async () => {
  const { graph, rows } = await aVariedMemory(200)
  const query = graph.vectors.instant('the report about tea in the garden') as Int8Array
  const best = <T extends { readonly id: number }>(of: readonly T[], by: (one: T) => number) =>
    [...of].sort((a, b) => by(b) - by(a)).slice(0, 20)
  const filters: RecallFilter[] = [
    { types: ['person'] },
    { withoutLabels: ['untrusted'], sources: ['told', 'learned'] },
    { clients: ['cl_Web' as never], minConfidence: 0.9 },
    { attributes: { room: [1, [2]] } },
    { types: ['nobody’s'] },
  ]
  for (const filter of filters) {
    const meets = rows.filter(filterOf(filter, graph.tables.history))
    const ids = new Set(meets.map(({ id }) => id))
    const byWords = best(
      graph.texts.ranked('"report" OR "tea"', 1_000).filter(({ id }) => ids.has(id)),
      ({ rank }) => rank,
    )
    const similar = (id: number) => cosine(query, graph.vectors.current.index.vector(id) as Int8Array)
    const byVector = best(
      meets.map(({ id }) => ({ id, similarity: similar(id) })),
      ({ similarity }) => similarity,
    )
    const few = meetingOf(graph.db, filter)
    const many = meetingOf(graph.db, filter, -1)
    expect([few.kind, many.kind]).toEqual(['few', 'many'])
    for (const meeting of [few, many] as Meeting[]) {
      const ranks = graph.texts.ranked('"report" OR "tea"', 20, meeting).map(({ rank }) => rank)
      expect(ranks).toEqual(byWords.map(({ rank }) => rank))
      const near = graph.vectors.nearest(query, 20, meeting)
      expect(near.every(({ id }) => ids.has(id))).toBe(true)
      expect(near.length).toBe(byVector.length)
      // bits choose among many: the best are there
      expect(near[0]?.similarity).toBe(byVector[0]?.similarity)
      if (meeting.kind === 'few')
        expect(near.map(({ similarity }) => similarity)).toEqual(byVector.map(({ similarity }) => similarity))
    }
  }
})
