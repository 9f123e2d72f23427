/** @see spec, platform I: success > 0.95 raises ×1.1 up to 2× base, < 0.8 lowers ×0.9 down to 0.5× */
export interface AdaptiveRateSettings {
  readonly windowMs: number
  /** Fewer calls than this in a window say nothing. */
  readonly atLeast: number
}

export const defaultAdaptiveRate: AdaptiveRateSettings = { windowMs: 60_000, atLeast: 10 }

const raise = { above: 0.95, by: 1.1, upTo: 2 }
const lower = { below: 0.8, by: 0.9, downTo: 0.5 }

/** Calls a minute one server gets: more while it answers well, fewer while it does not. */
export class AdaptiveRate {
  #factor = 1
  #startedMs: number
  #passed = 0
  #succeeded = 0
  #failed = 0

  constructor(
    /** Calls in a window, as the person set it. */
    private readonly base: () => number,
    /** Whether the rate follows the answers; otherwise it stays at its base. */
    private readonly adapts: () => boolean,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly settings: AdaptiveRateSettings = defaultAdaptiveRate,
  ) {
    this.#startedMs = nowMs()
  }

  /** Calls in the present window. */
  get rate(): number {
    return Math.max(1, Math.floor(this.base() * this.#factor))
  }

  /** Counts a call. @returns 0 when it may go, else milliseconds until the next window */
  pass(): number {
    const now = this.nowMs()
    if (now - this.#startedMs >= this.settings.windowMs) this.#begin(now)
    if (this.#passed >= this.rate) return this.#startedMs + this.settings.windowMs - now
    this.#passed += 1
    return 0
  }

  ended(succeeded: boolean): void {
    if (succeeded) this.#succeeded += 1
    else this.#failed += 1
  }

  #begin(now: number): void {
    const ended = this.#succeeded + this.#failed
    if (ended >= this.settings.atLeast) this.#adapt(this.#succeeded / ended)
    if (!this.adapts()) this.#factor = 1
    this.#startedMs = now
    this.#passed = 0
    this.#succeeded = 0
    this.#failed = 0
  }

  #adapt(success: number): void {
    if (success > raise.above) this.#factor = Math.min(raise.upTo, this.#factor * raise.by)
    else if (success < lower.below) this.#factor = Math.max(lower.downTo, this.#factor * lower.by)
  }
}
