import { useEffect, useState } from 'react'

/** A click meant for what was on the screen a moment ago must not answer a question that just appeared. */
export const guardMs = { low: 600, medium: 600, high: 1500, critical: 3000 } as const

/**
 * False for a while after `key` changes and after the window comes to the front.
 *
 * @param delayMs how long
 */
export function useGuard(key: string, delayMs: number): boolean {
  const [passed, setPassed] = useState<string>()
  const [returns, setReturns] = useState(0)
  const now = `${key}/${returns}`
  useEffect(() => {
    const timer = setTimeout(() => setPassed(now), delayMs)
    return () => clearTimeout(timer)
  }, [now, delayMs])
  useEffect(() => {
    const returned = () => setReturns((before) => before + 1)
    window.addEventListener('focus', returned)
    return () => window.removeEventListener('focus', returned)
  }, [])
  return passed === now
}
