import type { Door, ExchangeMethod, TrailFacts } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { CallOutcome } from '../../shared/domain/metrics.ts'

/** A call that is over: what is counted of it, never its arguments or its answer. */
export interface SeenCall {
  readonly callId: string
  readonly receivedAt: EpochMs
  /** Monotonic, as are `laps` and `endedMs`. */
  readonly startedMs: number
  readonly door: Door
  readonly method: ExchangeMethod
  readonly target: string
}
export interface SeenTrail {
  readonly facts: TrailFacts
  /** When the steps it passed were done, in the order of `callSteps`. */
  readonly laps: readonly number[]
}

/** How it ended. `code`: of the refusal or failure. */
export interface SeenEnd {
  readonly outcome: CallOutcome
  readonly code: string | undefined
  readonly endedMs: number
}

const personAt = 4

/** Milliseconds somebody was asked for: no figure of how fast anything is. */
export function askedMs({ startedMs }: SeenCall, { laps }: SeenTrail, endedMs: number): number {
  const from = laps[personAt - 1]
  if (from === undefined) return 0
  return (laps[personAt] ?? endedMs) - Math.max(from, startedMs)
}
