import { type RefObject, useEffect, useState } from 'react'

/** Pixels a row is high: two lines. */
export const rowPx = 56
/** Taller than about 16 million pixels browsers cut off, at 200 % zoom half of that: longer tables scroll faster than their rows. */
const mostPx = 8_000_000
/** Rows kept above and below what is seen, for the keyboard. */
const beside = 6

/** Which rows of a long table are there, and the room the others would take. */
export interface RowWindow {
  readonly first: number
  /** The row after the last one. */
  readonly end: number
  readonly beforePx: number
  readonly afterPx: number
}

/** @param scrollPx how far it is scrolled @param viewPx how much of it is seen */
export function rowWindow(count: number, scrollPx: number, viewPx: number): RowWindow {
  const heightPx = Math.min(count * rowPx, mostPx)
  const inView = viewPx / rowPx
  const share = heightPx > viewPx ? Math.min(1, Math.max(0, scrollPx / (heightPx - viewPx))) : 0
  const topRow = share * Math.max(0, count - inView)
  const first = Math.max(0, Math.floor(topRow) - beside)
  const end = Math.min(count, Math.ceil(topRow + inView) + beside)
  const beforePx = Math.max(0, share * Math.max(0, heightPx - viewPx) - (topRow - first) * rowPx)
  return { first, end, beforePx, afterPx: Math.max(0, heightPx - beforePx - (end - first) * rowPx) }
}

/**
 * Follows what is seen of a scrolling element. All rows are of one height, so nothing is measured and a table that grows
 * by the second costs no more than its rows in view.
 */
export function useRowWindow(scroller: RefObject<HTMLElement | null>, count: number): RowWindow {
  const [seen, setSeen] = useState({ scrollPx: 0, viewPx: 800 })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setSeen({ scrollPx: element.scrollTop, viewPx: element.clientHeight })
    const sized = new ResizeObserver(look)
    sized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])
  return rowWindow(count, seen.scrollPx, seen.viewPx)
}
