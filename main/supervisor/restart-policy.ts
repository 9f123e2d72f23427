/** How often a server that keeps ending is started again. Milliseconds of one monotonic clock. */
export interface RestartLimits {
  /** Waiting before the second start in a row; doubles with every further one. */
  readonly firstWaitMs: number
  readonly longestWaitMs: number
  /** So many ends in a row, and it is left off. */
  readonly giveUpAfter: number
  /** A process that lived this long ends the row. */
  readonly settledMs: number
}

export const defaultRestartLimits: RestartLimits = {
  firstWaitMs: 500,
  longestWaitMs: 60_000,
  giveUpAfter: 6,
  settledMs: 60_000,
}

/** Counts unexpected ends in a row. The first is forgiven at once; then the waiting doubles, then it gives up. */
export class RestartPolicy {
  #row = 0
  #notBefore = 0

  constructor(private readonly limits: RestartLimits) {}

  get givesUp(): boolean {
    return this.#row >= this.limits.giveUpAfter
  }

  /** Milliseconds until it may be started again; 0 when it may now. */
  waitMs(nowMs: number): number {
    return Math.max(0, this.#notBefore - nowMs)
  }

  ended(nowMs: number, livedMs: number): void {
    this.#row = livedMs >= this.limits.settledMs ? 1 : this.#row + 1
    if (this.#row < 2) return
    const wait = Math.min(this.limits.firstWaitMs * 2 ** (this.#row - 2), this.limits.longestWaitMs)
    this.#notBefore = nowMs + wait
  }

  forget(): void {
    this.#row = 0
    this.#notBefore = 0
  }
}
