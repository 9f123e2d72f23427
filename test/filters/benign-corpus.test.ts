import { expect, it } from 'vitest'
import { benignCalls, benignDescriptions } from '../support/benign-corpus/corpus.ts'

it('holds at least 300 ordinary calls and 150 ordinary descriptions', () => {
  expect(benignCalls.length).toBeGreaterThanOrEqual(300)
  expect(benignDescriptions.length).toBeGreaterThanOrEqual(150)
})
