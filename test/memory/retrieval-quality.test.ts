import { expect, it } from 'vitest'
import { aMemory, by } from '../support/a-memory.ts'
import { qualityOf } from '../support/retrieval-quality.ts'
import { retrievalSet } from '../support/retrieval-set.ts'

it('finds more with all rankings together than with vectors or words alone', async () => {
  const { memory } = aMemory()
  memory.createEntities(retrievalSet.concepts, by())
  memory.createRelations(retrievalSet.relations, by())
  await memory.embedded()
  const quality = await qualityOf(async (question) => memory.recall(question), retrievalSet.questions)
  expect(quality.hybrid.recallAt10).toBeGreaterThan(0.9)
  expect(quality.hybrid.recallAt10).toBeGreaterThanOrEqual(quality['vector only'].recallAt10)
  expect(quality.hybrid.recallAt10).toBeGreaterThanOrEqual(quality['BM25 only'].recallAt10)
  expect(quality['vector only'].recallAt10).toBeLessThan(1)
})

it('names in each question of the set only what the set holds', () => {
  const names = new Set(retrievalSet.concepts.map(({ name }) => name))
  expect(names.size).toBe(retrievalSet.concepts.length)
  expect(retrievalSet.questions.flatMap(({ answers }) => answers).filter((name) => !names.has(name))).toEqual([])
})
