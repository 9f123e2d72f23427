import { CircuitState, ConsecutiveBreaker, CountBreaker } from 'cockatiel'

/** When calls to a server are no longer tried. @see spec, platform I: auto-repair */
export interface BreakerSettings {
  /** So many failures in a row open it. */
  readonly inARow: number
  /** This share of the latest calls, once there were `atLeast` of them, opens it. */
  readonly share: number
  readonly atLeast: number
  /** How many of the latest calls the share is taken of. */
  readonly ofLatest: number
  /** From opening to the one probe. */
  readonly halfOpenAfterMs: number
}

export const defaultBreaker: BreakerSettings = {
  inARow: 5,
  share: 0.5,
  atLeast: 10,
  ofLatest: 20,
  halfOpenAfterMs: 30_000,
}

export type BreakerState = 'closed' | 'open' | 'half-open'

/** Given to a call that may go; handed back with how it went. `probe` when the next state hangs on it. */
export type Pass = 'plain' | 'probe'

/**
 * Stops calls to a server that keeps failing, then lets one through to see. The counting is cockatiel's; the states are
 * kept here, because its policy answers every call with a promise and this is asked on every call.
 */
export class Breaker {
  #row: ConsecutiveBreaker
  #rate: CountBreaker
  #openedAt: number | undefined
  #probing = false

  constructor(
    private readonly settings: BreakerSettings = defaultBreaker,
    private readonly nowMs: () => number = () => performance.now(),
    private readonly onChange: (state: BreakerState) => void = () => {},
  ) {
    this.#row = this.#newRow()
    this.#rate = this.#newRate()
  }

  get state(): BreakerState {
    if (this.#openedAt === undefined) return 'closed'
    return this.#probing || this.waitMs() === 0 ? 'half-open' : 'open'
  }

  /** Milliseconds until a probe may go; 0 when closed or due. */
  waitMs(): number {
    if (this.#openedAt === undefined) return 0
    return Math.max(0, this.#openedAt + this.settings.halfOpenAfterMs - this.nowMs())
  }

  /** @returns undefined when the call must not be tried */
  pass(): Pass | undefined {
    if (this.#openedAt === undefined) return 'plain'
    if (this.#probing || this.waitMs() > 0) return undefined
    this.#probing = true
    this.onChange('half-open')
    return 'probe'
  }

  /** Whether a call would be refused now; takes no probe. */
  refuses(): boolean {
    return this.#openedAt !== undefined && (this.#probing || this.waitMs() > 0)
  }

  succeeded(pass: Pass): void {
    if (pass === 'probe') this.close()
    else if (this.#openedAt === undefined) {
      this.#row.success()
      this.#rate.success(CircuitState.Closed)
    } // else it began before it opened; the probe decides
  }

  failed(pass: Pass): void {
    if (pass === 'probe') this.#open()
    else if (this.#openedAt === undefined) {
      const row = this.#row.failure()
      const rate = this.#rate.failure(CircuitState.Closed)
      if (row || rate) this.#open()
    }
  }

  /** The call ended without saying anything about the server: it was cancelled. */
  returned(pass: Pass): void {
    if (pass === 'probe') this.#probing = false
  }

  /** Everything is forgotten: a person restarted it, or a repair worked. */
  close(): void {
    const was = this.#openedAt
    this.#openedAt = undefined
    this.#probing = false
    this.#row = this.#newRow()
    this.#rate = this.#newRate()
    if (was !== undefined) this.onChange('closed')
  }

  #open(): void {
    this.#openedAt = this.nowMs()
    this.#probing = false
    this.onChange('open')
  }

  #newRow = () => new ConsecutiveBreaker(this.settings.inARow)
  /** cockatiel opens above its threshold, the specification at it. */
  #newRate = () =>
    new CountBreaker({
      threshold: this.settings.share - 1e-9,
      size: this.settings.ofLatest,
      minimumNumberOfCalls: this.settings.atLeast,
    })
}
