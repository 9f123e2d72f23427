import { expect, it } from 'vitest'
import { memoryLimits } from '../../shared/domain/memory.ts'
import { aMemory, by } from '../support/a-memory.ts'

const named = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ name: `c${from + at}`, entityType: 'thing', observations: ['is'] }))

it('makes the vectors that a large write left, also when a write that made one of them meanwhile was taken back', async () => {
  const { memory, db } = aMemory()
  const generations = () => db.prepare<[], number>('SELECT id FROM generation').pluck().all()
  const without = () =>
    generations().flatMap((id) =>
      db.prepare<[], number>(`SELECT id FROM concept WHERE id NOT IN (SELECT id FROM vector_${id})`).pluck().all(),
    ).length
  memory.createEntities(named(0, 110), by())
  await memory.embedded()
  expect(without()).toBe(0)
  memory.createEntities(named(110, 120), by())
  expect(without()).toBe(0)
  memory.createEntities(named(120, 420), by())
  expect(without()).toBe(300)
  const parts = Array.from({ length: 10 }, (_, at) => `${at}`.padEnd(memoryLimits.textChars, 'x'))
  const tooLong = [
    { entityName: 'c120', contents: ['was'] },
    { entityName: 'c121', contents: parts },
  ]
  expect(() => memory.addObservations(tooLong, by())).toThrow(expect.objectContaining({ code: 'memory.limit' }))
  expect(without()).toBe(300)
  memory.deleteEntities(['c122'], by())
  await memory.embedded()
  expect(without()).toBe(0)
  expect(memory.check()).toEqual([])
})
