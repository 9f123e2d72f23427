const sleptMs = 30_000

/**
 * Milliseconds the machine was awake. Some platforms' monotonic clocks run on in sleep; so whoever measures reads this
 * clock often, and a step of more than 30 s between two readings counts as sleep and adds nothing.
 */
export class AwakeClock {
  #awakeMs = 0
  #lastMs: number

  constructor(private readonly monotonicMs: () => number = () => performance.now()) {
    this.#lastMs = monotonicMs()
  }

  /** Must be read at least every 30 s by whoever relies on it; after a pause call `resume` first. */
  now(): number {
    const now = this.monotonicMs()
    const step = now - this.#lastMs
    if (step > 0 && step <= sleptMs) this.#awakeMs += step
    this.#lastMs = now
    return this.#awakeMs
  }

  /** Starts measuring again after nobody read it for a while. */
  resume(): void {
    this.#lastMs = this.monotonicMs()
  }
}
