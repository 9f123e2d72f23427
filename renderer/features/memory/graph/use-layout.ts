import { useEffect, useRef, useState } from 'react'
import { beginning, layoutInput, type Positions } from './layout.ts'
import { runLayout } from './layout-run.ts'
import type { Picture } from './picture.ts'

/** Where the nodes of a picture lie so far. */
export interface Laid {
  readonly ids: readonly string[]
  readonly positions: Positions
  readonly at: ReadonlyMap<string, readonly [number, number]>
  /** 0 to 1; at 1 nothing moves any more. */
  readonly share: number
}

function laidOut(ids: readonly string[], positions: Positions, share: number): Laid {
  const at = new Map(ids.map((id, place) => [id, [positions[place * 2] ?? 0, positions[place * 2 + 1] ?? 0] as const]))
  return { ids, positions, at, share }
}

/** Lays a picture out in a thread of its own. With reduced motion, only where nodes come to rest is shown. */
export function useLayout(picture: Picture): Laid {
  const begun = () => {
    const ids = picture.nodes.map(({ id }) => id)
    return laidOut(ids, beginning(ids.length), ids.length < 2 ? 1 : 0)
  }
  const [laid, setLaid] = useState<Laid>(begun)
  const latest = useRef(begun)
  latest.current = begun
  useEffect(() => {
    const first = latest.current()
    setLaid(first)
    if (first.share === 1) return
    const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches
    return runLayout(
      layoutInput(picture.nodes, picture.edges),
      ({ positions, share }) => {
        if (!still || share >= 1) setLaid(laidOut(first.ids, positions, share))
      },
      () => setLaid({ ...first, share: 1 }), // not laid out, but there
    )
  }, [picture])
  return laid
}
