import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowPx, rowWindow, scrolledTo } from '../../renderer/ui/row-window.ts'

const mostPx = 8_000_000
/** Pixels of rounding in numbers of this size. */
const near = 1e-3
const count = fc.oneof(fc.integer({ min: 1, max: 2_000 }), fc.integer({ min: 1, max: 5_000_000 }))
const share = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
const viewPx = fc.double({ min: 100, max: 2_200, noNaN: true })

const mostScrolled = (rows: number, view: number) => Math.max(0, Math.min(rows * rowPx, mostPx) - view)
/** Pixels from the top of the view to a row. */
const placeOf = (row: number, rows: number, scrollPx: number, view: number) => {
  const { first, beforePx } = rowWindow(rows, scrollPx, view)
  return beforePx + (row - first) * rowPx - scrollPx
}
const isWhole = (row: number, rows: number, scrollPx: number, view: number, off = near) => {
  const place = placeOf(row, rows, scrollPx, view)
  const { first, end } = rowWindow(rows, scrollPx, view)
  return row >= first && row < end && place >= -off && place + rowPx <= view + off
}

describe('the rows of a long table', () => {
  it('fill the view wherever it is scrolled, in room that stays the same', () => {
    fc.assert(
      fc.property(count, share, viewPx, (rows, at, view) => {
        const scrollPx = at * mostScrolled(rows, view)
        const { first, end, heightPx } = rowWindow(rows, scrollPx, view)
        expect(placeOf(first, rows, scrollPx, view)).toBeLessThanOrEqual(near)
        expect(placeOf(end, rows, scrollPx, view)).toBeGreaterThanOrEqual(Math.min(view, rows * rowPx) - near)
        expect(end - first).toBeLessThan(view / rowPx + 16)
        expect(heightPx).toBe(Math.min(rows * rowPx, mostPx))
      }),
    )
  })

  it('begin with the first and end with the last, of a million too', () => {
    expect(placeOf(0, 1_000_000, 0, 600)).toBe(0)
    expect(placeOf(1_000_000, 1_000_000, mostPx - 600, 600)).toBeCloseTo(600, 3)
  })

  it('scroll pixel by pixel as long as the browser can hold them all', () => {
    expect(placeOf(100, 10_000, 100 * rowPx, 600)).toBeCloseTo(0, 6)
    expect(placeOf(100, 10_000, 100 * rowPx + 1, 600)).toBeCloseTo(-1, 6)
  })
})

describe('scrolling to a row', () => {
  const row = fc.oneof(fc.constantFrom(0, 1), fc.double({ min: 0, max: 1, noNaN: true }))
  const rowOf = (rows: number, at: number) => Math.min(rows - 1, Math.floor(at * rows))
  const runs = 2_000

  it('shows the whole of it, whichever pixel of the screen the browser rounds to', () => {
    fc.assert(
      fc.property(count, row, share, viewPx, fc.constantFrom(1, 1.25, 1.5, 2), (rows, to, from, view, density) => {
        const wanted = rowOf(rows, to)
        const most = mostScrolled(rows, view)
        const scrollPx = scrolledTo(wanted, rows, from * most, view)
        expect(scrollPx).toBeGreaterThanOrEqual(0)
        expect(scrollPx).toBeLessThanOrEqual(most)
        expect(isWhole(wanted, rows, scrollPx, view)).toBe(true)
        const rounded = Math.min(most, Math.round(scrollPx * density) / density)
        const isScaled = rows * rowPx > mostPx
        if (isScaled && ((view - rowPx) * most) / (rows * rowPx) < 3) return // only the exact place will do
        expect(isWhole(wanted, rows, rounded, view, isScaled ? near : 0.5 / density + near)).toBe(true)
      }),
      { numRuns: runs },
    )
  })

  it('moves nothing when it is well in view, and else no farther than its nearer edge', () => {
    fc.assert(
      fc.property(count, row, share, viewPx, (rows, to, from, view) => {
        const wanted = rowOf(rows, to)
        const most = mostScrolled(rows, view)
        const before = from * most
        const after = scrolledTo(wanted, rows, before, view)
        const between = before + (after - before) / 2
        if (Math.abs(after - before) > 4)
          expect(isWhole(wanted, rows, between, view) && isWhole(wanted, rows, before, view)).toBe(false)
        expect(scrolledTo(wanted, rows, after, view)).toBeCloseTo(after, 3)
      }),
      { numRuns: runs },
    )
  })
})
