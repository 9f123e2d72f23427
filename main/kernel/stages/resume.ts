import type { Filtered, Resumed } from '../exchange.ts'
import type { RoundsPort } from '../ports.ts'

/** A later round of a call: opens the state its client kept, which is good for this very call only. */
export function resume(filtered: Filtered, rounds: RoundsPort): Resumed {
  const round = filtered.extra?.requestState === undefined ? undefined : rounds.open(filtered)
  return (round ? { ...filtered, ...round } : filtered) as unknown as Resumed
}
