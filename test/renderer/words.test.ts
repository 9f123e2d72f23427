import { expect, it } from 'vitest'
import { words as en } from '../../shared/messages/en/window.ts'
import { words as ro } from '../../shared/messages/ro/window.ts'

const places = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
const plural = (key: string) => key.replace(/_(one|few|other)$/, '_other')

it('has the same places in both languages', () => {
  const english: Record<string, string> = en
  for (const [key, sentence] of Object.entries(ro)) {
    if (/_(one|few)$/.test(key)) continue
    expect([key, places(sentence)]).toEqual([key, places(english[plural(key)] ?? '')])
  }
})
it('has no empty sentence', () => {
  expect(Object.values({ ...en, ...ro }).filter((sentence) => sentence.trim() === '')).toEqual([])
})
