import { expect, it } from 'vitest'
import { readConfig } from '../../main/config/config.ts'
import { Configuration } from '../../main/config/configuration.ts'
import { fits } from '../../renderer/app/fits.ts'
import { draftOf, unitOf } from '../../renderer/features/settings/setting-draft.ts'
import { words } from '../../shared/messages/en/window.ts'

it.each([
  ['240', { value: 240 }],
  [' 7 ', { value: 7 }],
  ['0', { problem: 'range' }],
  ['', { problem: 'range' }],
  ['1e3', { problem: 'range' }],
  ['12.5', { problem: 'range' }],
  ['99999999999999999999', { problem: 'range' }],
])('reads “%s” as a number from 1 to 300', (typed, draft) => {
  expect(draftOf(typed, { kind: 'number', least: 1, most: 300 })).toEqual(draft)
})

it('takes an empty text for none', () => {
  expect(draftOf('  ', { kind: 'text' })).toEqual({ value: null })
})

it('has a name and a sentence for every setting, and words for every choice', () => {
  const configuration = new Configuration(readConfig('/nowhere', {}), { read: () => ({}), write: () => {} })
  for (const { path, choices = [] } of configuration.list()) {
    const needed = [`config.${path}`, `config.${path}.text`, ...choices.map((choice) => `config.${path}.${choice}`)]
    expect(needed.filter((word) => !Object.hasOwn(words, word))).toEqual([])
  }
})

it('finds the unit in the name', () => {
  expect(['approvals.expirySeconds', 'cells.verifyHours', 'retention.piiDays', 'port'].map(unitOf)).toEqual([
    'seconds',
    'hours',
    'days',
    undefined,
  ])
})

it('finds words without their accents, in any order', () => {
  expect(fits('cat aștea', ['Cât așteaptă o întrebare'])).toBe(true)
  expect(fits('intrebare cat', ['Cât așteaptă o întrebare'])).toBe(true)
  expect(fits('server', ['Cât așteaptă o întrebare'])).toBe(false)
})
