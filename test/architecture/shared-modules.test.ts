import { expect, it } from 'vitest'
import { sourceFiles } from './source-files.ts'

it('what tests share sets no hooks by being imported: it is imported once in a process, for several files', () => {
  const shared = sourceFiles(['test']).filter(({ path }) => !/\.test\.tsx?$/.test(path))
  expect(shared.length).toBeGreaterThan(50)
  const hooked = shared.filter(({ text }) => /^(?:before|after)(?:Each|All)\(/m.test(text))
  expect(hooked.map(({ path }) => path)).toEqual([])
})
