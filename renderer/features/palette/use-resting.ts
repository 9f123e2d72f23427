import { useEffect, useState } from 'react'

/** Typing rests this long before main is asked, in milliseconds. */
const restMs = 200
/** Less than this many characters is not searched for. */
export const shortest = 2

/** What was typed, once typing rests; `wanted` is what is typed now. */
export function useResting(query: string): { readonly wanted: string; readonly asked: string } {
  const wanted = query.trim().slice(0, 200)
  const [asked, setAsked] = useState('')
  useEffect(() => {
    const timer = setTimeout(() => setAsked(wanted), restMs)
    return () => clearTimeout(timer)
  }, [wanted])
  return { wanted, asked }
}
