import { type RefObject, useCallback, useEffect, useState } from 'react'

/** Pixels a column takes at least. */
const leastPx = 208
/** Pixels of the names before the columns; where there is little room they leave half of it. */
const widestNamePx = 272
const besides = 1

/** Which columns of a wide grid are there, and how wide all are. */
export interface ColumnWindow {
  readonly first: number
  /** The column after the last one. */
  readonly end: number
  readonly columnPx: number
  readonly namePx: number
}

/** Columns share the room when there are few. @param scrollPx how far it is scrolled to the side @param viewPx its width with the names */
export function columnWindow(count: number, scrollPx: number, viewPx: number): ColumnWindow {
  const namePx = Math.min(widestNamePx, Math.floor(viewPx * 0.4))
  const roomPx = viewPx - namePx
  const columnPx = Math.max(leastPx, Math.floor(roomPx / Math.max(1, count)))
  const first = Math.max(0, Math.floor(scrollPx / columnPx) - besides)
  const end = Math.min(count, Math.ceil((scrollPx + roomPx) / columnPx) + besides)
  return { first: Math.min(first, end), end, columnPx, namePx }
}

/** How far to scroll to the side so that a column is seen: whole where there is room, else its beginning. */
export function sidewaysTo(
  column: number,
  { columnPx, namePx }: ColumnWindow,
  scrollPx: number,
  viewPx: number,
): number {
  const begin = column * columnPx
  return Math.max(0, Math.min(begin, Math.max(scrollPx, begin + columnPx - (viewPx - namePx))))
}

export interface ColumnsInView extends ColumnWindow {
  readonly show: (column: number) => void
}

/** Follows what is seen of an element that scrolls to the side. */
export function useColumnWindow(scroller: RefObject<HTMLElement | null>, count: number): ColumnsInView {
  const [seen, setSeen] = useState({ scrollPx: 0, viewPx: 800 })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const look = () => setSeen({ scrollPx: element.scrollLeft, viewPx: element.clientWidth })
    const sized = new ResizeObserver(look)
    sized.observe(element)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      sized.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [scroller])
  const show = useCallback(
    (column: number) => {
      const element = scroller.current
      if (!element) return
      const { scrollLeft, clientWidth } = element
      const window = columnWindow(count, scrollLeft, clientWidth)
      element.scrollLeft = sidewaysTo(column, window, scrollLeft, clientWidth)
    },
    [scroller, count],
  )
  return { ...columnWindow(count, seen.scrollPx, seen.viewPx), show }
}
