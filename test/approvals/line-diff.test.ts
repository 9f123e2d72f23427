import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lineDiff } from '../../main/approvals/line-diff.ts'
import { processorTime } from '../support/processor-time.ts'

describe('a line diff', () => {
  it('holds, for any two texts, the old one without what is added and the new one without what is removed', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 6 }).map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const { lines } = lineDiff(before, after)
        const without = (kind: string) => lines.filter((line) => line.kind !== kind).map((line) => line.text)
        if (before === after) return
        const skipped = lines.some((line) => line.text === '⋯')
        if (skipped) return
        expect(without('added').join('\n')).toBe(before)
        expect(without('removed').join('\n')).toBe(after)
      }),
      { numRuns: 2000 },
    )
  })

  it('is the smallest one', () => {
    const kinds = lineDiff('a\nb\nc\na\nb\nb\na', 'c\nb\na\nb\na\nc').lines.map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind !== 'same')).toHaveLength(5)
  })

  it('leaves out what is far from a change', () => {
    const before = Array.from({ length: 50 }, (_, n) => `line ${n}`)
    const after = before.map((line) => (line === 'line 25' ? 'changed' : line))
    expect(lineDiff(before.join('\n'), after.join('\n')).lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same ⋯',
      'same line 22',
      'same line 23',
      'same line 24',
      'removed line 25',
      'added changed',
      'same line 26',
      'same line 27',
      'same line 28',
      'same ⋯',
    ])
  })

  it('stays quick and bounded for large texts that share nothing', () => {
    const text = (word: string) => Array.from({ length: 20_000 }, (_, n) => `${word} ${n}`).join('\n')
    const tookMs = processorTime()
    const { lines, truncated } = lineDiff(text('old'), text('new'))
    expect(tookMs()).toBeLessThan(2000)
    expect(truncated).toBe(true)
    expect(lines.length).toBeLessThanOrEqual(2000)
  })
})
