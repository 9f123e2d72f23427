import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ContentScan } from '../../../main/filters/content/content-scan.ts'
import { processorTime } from '../../support/processor-time.ts'

const scan = new ContentScan()
const triggers = scan.filters.flatMap(({ triggers = [] }) => triggers)
const kilobyte = 1024

/** Processor milliseconds, the best of three where it counts: other programs do not count. */
function cost(text: string): number {
  const once = () => {
    const tookMs = processorTime()
    scan.scan(text)
    return tookMs()
  }
  const first = once()
  return first < 5 ? first : Math.min(first, once(), once())
}

describe('every filter together', () => {
  it('takes time in proportion to the length of a text, whatever stands in it', () => {
    const pieces = fc.oneof(
      fc.constantFrom(...triggers),
      fc.string({ maxLength: 12 }),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
      fc.constantFrom(
        ' ',
        '\n',
        '=',
        '@',
        '://',
        '![',
        '](',
        '%20',
        '1 ',
        '4111-',
        '.',
        ':',
        '&#105;',
        '\\x41',
        '\u200b',
        'А',
        '-----BEGIN PRIVATE KEY-----',
      ),
    )
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 6 }), (parts) => {
        const unit = parts.join('')
        fc.pre(unit.length > 0)
        const text = unit.repeat(Math.ceil((32 * kilobyte) / unit.length))
        expect(cost(text)).toBeLessThan(120)
      }),
      { numRuns: 60 },
    )
  })

  it('does not run away after anything it looks for: twice the text takes about twice the time', () => {
    const some = triggers.filter((trigger, index) => !/^(?:%|\\x|&#|sk-|hf_|SG\.)/.test(trigger) || index % 40 === 0)
    for (const trigger of some)
      for (const fill of [' ', 'a', ' all', '=', '@', '%41', '-a', trigger]) {
        const text = trigger + fill.repeat(Math.ceil((8 * kilobyte) / fill.length))
        expect(cost(text), `${trigger} and many ${fill}`).toBeLessThan(40)
      }
  })

  it('finds places inside the text, in order, whatever the text is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.constantFrom(...triggers), (text, trigger) => {
        const whole = `${text}${trigger}${text}`
        let last = 0
        for (const { start, end } of scan.scan(whole)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(whole.length)
          last = start
        }
      }),
      { numRuns: 500 },
    )
  })
})
