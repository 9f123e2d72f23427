import { expect, it } from 'vitest'
import type { Words } from '../../renderer/app/words.tsx'
import { saidFigure } from '../../renderer/features/servers/said-figure.ts'

const words: Pick<Words, 't' | 'language' | 'duration'> = {
  t: (_, places) => `${places?.cores} cores`,
  language: 'en',
  duration: (ms) => `${ms} ms`,
}

it.each([
  ['processor use', 0.314, '0.31 cores'],
  ['memory', 96.4 * 1024 ** 2, '96.4 MB'],
  ['size of answers', 2_048, '2 KB'],
  ['disk reads', 3 * 1024 ** 2, '3 MB/s'],
  ['answer times', 1_840, '1840 ms'],
  ['processes', 3, '3'],
])('says %s with its unit', (name, value, said) => {
  expect(saidFigure(name, value, words)).toBe(said)
})
