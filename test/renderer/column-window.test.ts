import fc from 'fast-check'
import { expect, it } from 'vitest'
import { columnWindow, sidewaysTo } from '../../renderer/ui/column-window.ts'

const count = fc.integer({ min: 1, max: 500 })
const viewPx = fc.double({ min: 300, max: 4_000, noNaN: true })
const share = fc.double({ min: 0, max: 1, noNaN: true })
const most = (columns: number, view: number) => {
  const { columnPx, namePx } = columnWindow(columns, 0, view)
  return Math.max(0, columns * columnPx + namePx - view)
}

it('has every column that is seen, and a column more on either side', () => {
  fc.assert(
    fc.property(count, viewPx, share, (columns, view, at) => {
      const scrollPx = at * most(columns, view)
      const { first, end, columnPx, namePx } = columnWindow(columns, scrollPx, view)
      expect(first * columnPx).toBeLessThanOrEqual(scrollPx)
      expect(end * columnPx).toBeGreaterThanOrEqual(Math.min(columns * columnPx, scrollPx + view - namePx) - 1e-6)
      expect(end - first).toBeLessThanOrEqual((view - namePx) / columnPx + 4)
    }),
  )
})

it('gives few columns all of the room, and names no more than their part', () => {
  expect(columnWindow(2, 0, 1_272)).toMatchObject({ columnPx: 500, namePx: 272, first: 0, end: 2 })
  expect(columnWindow(9, 0, 500).namePx).toBe(200)
})

it('scrolls to the whole of a column, and nowhere when it is seen', () => {
  fc.assert(
    fc.property(count, viewPx, share, share, (columns, view, at, to) => {
      const column = Math.min(columns - 1, Math.floor(to * columns))
      const window = columnWindow(columns, at * most(columns, view), view)
      const scrollPx = sidewaysTo(column, window, at * most(columns, view), view)
      const begin = column * window.columnPx - scrollPx
      expect(begin).toBeGreaterThanOrEqual(-1e-6)
      const room = view - window.namePx
      if (room >= window.columnPx) expect(begin + window.columnPx).toBeLessThanOrEqual(room + 1e-6)
      expect(sidewaysTo(column, window, scrollPx, view)).toBeCloseTo(scrollPx, 6)
    }),
  )
})
