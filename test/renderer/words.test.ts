import { expect, it } from 'vitest'
import { remembered } from '../../renderer/app/words.tsx'
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
it('looks a sentence without places up once, and one with places each time', () => {
  const asked: string[] = []
  const t = remembered((word, places) => {
    asked.push(word)
    return `${word} ${places?.count ?? ''}`
  })
  expect([t('cancel'), t('cancel'), t('nav.pending', { count: 1 }), t('nav.pending', { count: 2 })]).toEqual([
    'cancel ',
    'cancel ',
    'nav.pending 1',
    'nav.pending 2',
  ])
  expect(asked).toEqual(['cancel', 'nav.pending', 'nav.pending'])
})
