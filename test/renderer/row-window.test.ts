import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowPx, rowWindow } from '../../renderer/ui/row-window.ts'

const height = ({ first, end, beforePx, afterPx }: ReturnType<typeof rowWindow>) =>
  beforePx + (end - first) * rowPx + afterPx
/** Rows that are seen, with parts of rows. */
const seen = ({ first, beforePx }: ReturnType<typeof rowWindow>, scrollPx: number, viewPx: number) => {
  const top = first + (scrollPx - beforePx) / rowPx
  return [top, top + viewPx / rowPx] as const
}

describe('the rows of a long table', () => {
  it('are those in view, wherever it is scrolled, and nothing moves at the edges', () => {
    const place = fc.record({
      count: fc.integer({ min: 1, max: 2_000_000 }),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(place, fc.integer({ min: 100, max: 2_000 }), ({ count, share }, viewPx) => {
        const whole = Math.min(count * rowPx, 8_000_000)
        const scrollPx = share * Math.max(0, whole - viewPx)
        const window = rowWindow(count, scrollPx, viewPx)
        const [top, bottom] = seen(window, scrollPx, viewPx)
        expect(window.first).toBeLessThanOrEqual(Math.max(0, Math.floor(top + 1e-6)))
        expect(window.end).toBeGreaterThanOrEqual(Math.min(count, Math.ceil(bottom - 1e-6)))
        expect(window.end - window.first).toBeLessThan(viewPx / rowPx + 16)
        expect(height(window)).toBeCloseTo(Math.max(whole, (window.end - window.first) * rowPx), 3)
      }),
    )
  })

  it('begin with the first and end with the last, of a million too', () => {
    expect(rowWindow(1_000_000, 0, 600)).toMatchObject({ first: 0, beforePx: 0 })
    const window = rowWindow(1_000_000, 8_000_000 - 600, 600)
    expect(window).toMatchObject({ end: 1_000_000 })
    expect(seen(window, 8_000_000 - 600, 600)[1]).toBeCloseTo(1_000_000, 6)
  })

  it('scroll pixel by pixel as long as the browser can hold them all', () => {
    const [before, after] = [rowWindow(10_000, 100 * rowPx, 600), rowWindow(10_000, 100 * rowPx + 1, 600)]
    expect(seen(before, 100 * rowPx, 600)[0]).toBeCloseTo(100, 6)
    expect(seen(after, 100 * rowPx + 1, 600)[0] - seen(before, 100 * rowPx, 600)[0]).toBeCloseTo(1 / rowPx, 6)
  })
})
