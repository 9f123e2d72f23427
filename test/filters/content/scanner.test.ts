import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ContentFilter } from '../../../main/filters/content/content-filter.ts'
import { contentFilters } from '../../../main/filters/content/content-filters.ts'
import { fewestDigits, groupEnd } from '../../../main/filters/content/digit-group.ts'
import { isHidden, isLookAlike } from '../../../main/filters/content/hidden-code.ts'
import { Scanner } from '../../../main/filters/content/scanner.ts'

const triggers = [...new Set(contentFilters().flatMap(({ triggers = [] }) => triggers)), 'șoseaua', 'Abcd', 'Абвг']

/** Writes down where it is woken. */
function noting(): { readonly filter: ContentFilter; readonly woken: string[] } {
  const woken: string[] = []
  const labelled = { permissive: { call: 'allow', reply: 'allow' }, strict: { call: 'allow', reply: 'allow' } } as const
  const filter: ContentFilter = {
    id: 'secret-token',
    group: 'secrets',
    severity: 'info',
    label: 'none',
    actions: labelled,
    triggers,
    atTrigger: (_, at) => {
      woken.push(`trigger ${at}`)
      return undefined
    },
    atToken: (_, start, end) => woken.push(`token ${start}-${end}`),
    atDigits: (_, { start, end }) => woken.push(`digits ${start}-${end}`),
    atSign: (_, at) => woken.push(`sign ${at}`),
    atCode: (_, at) => woken.push(`code ${at}`),
    atHidden: (_, at) => woken.push(`hidden ${at}`),
    atColon: (_, at) => woken.push(`colon ${at}`),
  }
  return { filter, woken }
}

const lower = (text: string) => text.replace(/[A-Z]/g, (char) => char.toLowerCase())

const anyTrigger = new RegExp(
  `(?=${[...new Set(triggers.map(lower))].map((text) => text.replace(/[^\w]/g, '\\$&')).join('|')})`,
  'g',
)

/** The same, each kind of place by itself and without any haste. */
function plainly(text: string): readonly string[] {
  const woken: string[] = []
  let digitsUntil = 0
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    const before = text[at - 1] ?? ''
    if (text[at] === '@') woken.push(`sign ${at}`)
    if (text[at] === ':' && (at === 0 || /[0-9a-f:]/i.test(before))) woken.push(`colon ${at}`)
    const isControl = code === 127 || (code < 32 && !/\s/.test(text[at] ?? '')) || code === 11 || code === 12
    if (isControl || (code > 127 && isHidden(code))) woken.push(`hidden ${at}`)
    if (!/\d/.test(text[at] ?? '') || at < digitsUntil) continue
    if (!/[A-Za-z0-9]/.test(before)) {
      digitsUntil = groupEnd(text, at)
      const digits = text.slice(at, digitsUntil).replace(/\D/g, '').length
      if (digits >= fewestDigits) woken.push(`digits ${at}-${digitsUntil}`)
    } else if (/^(?:|[^A-Za-z0-9\x80-\uffff])[A-Z]{2}$/.test(text.slice(Math.max(0, at - 3), at)))
      woken.push(`code ${at - 2}`)
  }
  for (const { index } of lower(text).matchAll(anyTrigger)) woken.push(`trigger ${index}`)
  for (const run of text.matchAll(/[A-Za-z0-9+/=_-]{16,}/g))
    if (/\d/.test(run[0])) woken.push(`token ${run.index}-${run.index + run[0].length}`)
  return woken
}

const isDisguised = (text: string) =>
  [...Array(text.length).keys()].some((at) => {
    const code = text.charCodeAt(at)
    return isLookAlike(code) && (code > 0x52f || /[A-Za-z]/.test((text[at - 1] ?? '') + (text[at + 1] ?? '')))
  })

const pieces = fc.oneof(
  fc.constantFrom(...triggers),
  fc.constantFrom(...triggers).map((trigger) => trigger.slice(0, 4)),
  fc.constantFrom(...triggers).map((trigger) => trigger.toUpperCase()),
  fc.string({ maxLength: 8 }),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.string({ unit: fc.constantFrom(...'0123456789 -./()\u00a0'), maxLength: 24 }),
  fc.string({ unit: fc.constantFrom(...'aF9+/=_-'), maxLength: 40 }),
  fc.constantFrom(' ', ':', '::', '@', 'RO49', 'а', 'ω', 'Ａ', '\u200b', '\0', '𝐀', 'ș', '\n'),
)

it('wakes filters exactly where what they are about stands, whatever the text is and however long', () => {
  const { filter, woken } = noting()
  const scanner = new Scanner([filter])
  const texts = fc.tuple(
    fc.oneof({ weight: 9, arbitrary: fc.integer({ min: 0, max: 80 }) }, fc.integer({ min: 8_100, max: 8_200 })),
    fc.array(pieces, { maxLength: 14 }).map((parts) => parts.join('')),
  )
  fc.assert(
    fc.property(texts, ([padding, text]) => {
      const whole = `${'. '.repeat(padding).slice(0, padding)}${text}`
      woken.length = 0
      scanner.scan(whole)
      expect([...new Set(woken)].sort()).toEqual([...plainly(whole)].sort())
      expect(scanner.disguised).toBe(isDisguised(whole))
    }),
    { numRuns: 800 },
  )
})
