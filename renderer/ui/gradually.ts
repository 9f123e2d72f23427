import { useEffect, useState } from 'react'

/** About a screenful of cards. */
const atOnce = 12

/** How many of a long list to draw: a screenful at once, the rest a screenful at a time while there is nothing else to do. */
export function useGradually(count: number): number {
  const [drawn, setDrawn] = useState(atOnce)
  useEffect(() => {
    if (drawn >= count) return
    const idle = requestIdleCallback(() => setDrawn((before) => before + atOnce))
    return () => cancelIdleCallback(idle)
  }, [drawn, count])
  return Math.min(drawn, count)
}
