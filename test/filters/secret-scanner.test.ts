import fc from 'fast-check'
import { expect, it } from 'vitest'
import { redactedMark, SecretScanner } from '../../main/filters/secret-scanner.ts'

it('finds and removes what looking for each secret at each place finds, at the seams of long texts too', () => {
  const letters = fc.constantFrom(...'abcAB12-', 'é', '\u0151', '字', '𝐀')
  const secret = fc.string({ unit: letters, minLength: 2, maxLength: 7 }).filter(({ length }) => length >= 4)
  const secrets = fc.array(secret, { minLength: 1, maxLength: 4 })
  const padding = fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 8_170, max: 8_200 }))
  fc.assert(
    fc.property(
      secrets,
      padding,
      fc.array(fc.tuple(fc.nat(3), fc.string({ unit: letters, maxLength: 6 }))),
      (...given) => {
        const [values, before, parts] = given
        const text = '.'.repeat(before) + parts.map(([which, between]) => (values[which] ?? '') + between).join('')
        const scanner = new SecretScanner(values)
        const longestFirst = [...new Set(values)].sort((a, b) => b.length - a.length)
        let [clean, found] = ['', false]
        for (let at = 0; at < text.length; ) {
          const hit = longestFirst.find((value) => text.startsWith(value, at))
          clean += hit === undefined ? text[at] : redactedMark
          at += hit?.length ?? 1
          found ||= hit !== undefined
        }
        expect(scanner.redact(text)).toBe(clean)
        expect(scanner.finds(text)).toBe(found)
      },
    ),
    { numRuns: 500 },
  )
})
