import { type RefObject, useCallback, useEffect, useState } from 'react'

/** Pixels a row is high: two lines. */
export const rowPx = 56
/** Taller than about 16 million pixels browsers cut off, at 200 % zoom half of that: longer tables scroll faster than their rows. */
const mostPx = 8_000_000
/** Rows kept above and below what is seen, for the keyboard. */
const beside = 6

/** Browsers round where something is scrolled to, to a pixel of the screen at most. */
const roundingPx = 1

/** Which rows of a long table are there, and where. */
export interface RowWindow {
  readonly first: number
  /** The row after the last one. */
  readonly end: number
  /** Pixels from the beginning of all rows to the first that is there; negative when that is above it. */
  readonly beforePx: number
  /** Pixels for all rows, whether they are there or not. */
  readonly heightPx: number
}

/** @param scrollPx how far it is scrolled @param viewPx how much of its rows is seen */
export function rowWindow(count: number, scrollPx: number, viewPx: number): RowWindow {
  const heightPx = heightOf(count)
  const scrolled = clamped(scrollPx, 0, mostScrolled(count, viewPx))
  const topPx = Math.min(hiddenPx(count, viewPx), scrolled / scrollPxARowPx(count, viewPx))
  const first = Math.max(0, Math.floor(topPx / rowPx) - beside)
  const end = Math.min(count, Math.ceil((topPx + viewPx) / rowPx) + beside)
  return { first, end, beforePx: scrolled - (topPx - first * rowPx), heightPx }
}

/** How far to scroll so that the whole of a row is seen: not at all when it is, else no farther than it takes. */
export function scrolledTo(row: number, count: number, scrollPx: number, viewPx: number): number {
  const most = mostScrolled(count, viewPx)
  if (most === 0) return 0
  const scale = scrollPxARowPx(count, viewPx)
  const lowest = clamped((row + 1) * rowPx - viewPx, 0, row * rowPx) * scale // its end at the end of the view
  const highest = Math.min(most, row * rowPx * scale) // its beginning at the beginning
  const low = lowest <= 0 ? 0 : Math.min(most, lowest + roundingPx)
  const high = highest >= most ? most : Math.max(0, highest - roundingPx)
  if (low > high) return clamped((lowest + highest) / 2, 0, most)
  return clamped(scrollPx, low, high)
}

const heightOf = (count: number) => Math.min(count * rowPx, mostPx)
/** Pixels of rows that are not in view, as the rows themselves are high. */
const hiddenPx = (count: number, viewPx: number) => Math.max(0, count * rowPx - viewPx)
const mostScrolled = (count: number, viewPx: number) => Math.max(0, heightOf(count) - viewPx)
/** How far to scroll for one pixel of rows: less than one where not all fit. The end is there before rounding could miss it. */
const scrollPxARowPx = (count: number, viewPx: number) =>
  count * rowPx <= mostPx ? 1 : (mostScrolled(count, viewPx) - roundingPx) / hiddenPx(count, viewPx)
const clamped = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value))

export interface RowsInView extends RowWindow {
  /** Scrolls until the whole of a row is seen. */
  readonly show: (row: number) => void
}

/**
 * Follows what is seen of a scrolling element. All rows are of one height, so nothing is measured and a table that grows
 * by the second costs no more than its rows in view.
 *
 * @param headPx pixels that stay above the rows
 */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number, headPx = 0): RowsInView {
  const [seen, setSeen] = useState({ scrollPx: 0, viewPx: 800 })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setSeen({ scrollPx: element.scrollTop, viewPx: element.clientHeight - headPx })
    const sized = new ResizeObserver(look)
    sized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller, headPx])
  const show = useCallback(
    (row: number) => {
      const element = scroller.current
      if (element) element.scrollTop = scrolledTo(row, count, element.scrollTop, element.clientHeight - headPx)
    },
    [scroller, count, headPx],
  )
  return { ...rowWindow(count, seen.scrollPx, seen.viewPx), show }
}
