import { useEffect, useState } from 'react'

/** Counts up, so that what depends on it is read again; stands still while the window is not seen. */
export function useTick(ms: number): number {
  const [tick, setTick] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => document.hidden || setTick((before) => before + 1), ms)
    return () => clearInterval(timer)
  }, [ms])
  return tick
}
