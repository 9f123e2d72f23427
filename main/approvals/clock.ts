import type { EpochMs } from '../../shared/domain/ids.ts'

/** Time as approvals need it; tests pass their own. */
export interface Clock {
  /** Wall time, for what is stored and shown. */
  readonly now: () => EpochMs
  /** Monotonic milliseconds, for what must not be moved by setting the clock. */
  readonly monotonicMs: () => number
  /** Runs `act` once after monotonic milliseconds. @returns cancels it */
  readonly after: (ms: number, act: () => void) => () => void
}

/** The machine's own. A timer here never keeps the process alive. */
export const systemClock: Clock = {
  now: () => Date.now() as EpochMs,
  monotonicMs: () => performance.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
