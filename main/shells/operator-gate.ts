import { operatorRequired, operatorThrottled, operatorUnset, operatorWrong } from '../../shared/errors.ts'

/** The person's passphrase, as the app keeps it. */
export interface Operator {
  isSet(): boolean | Promise<boolean>
  /** @returns false when it is wrong */
  verify(passphrase: string, carrier: string): Promise<boolean>
}

/** Wrong answers a carrier may give before it has to wait. */
const freeAttempts = 5
const longestWaitSeconds = 60

interface Attempts {
  failed: number
  /** On the gate's monotonic clock, milliseconds. */
  blockedUntil: number
}

/**
 * Where a passphrase is tried: wrong ones are counted for each carrier (not each connection, which are free to make), and
 * after five the next try waits 2, 4, 8 … 60 s.
 */
export class OperatorGate {
  readonly #attempts = new Map<string, Attempts>()

  constructor(
    private readonly operator: Operator,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  isSet = async (): Promise<boolean> => await this.operator.isSet()

  /**
   * @param carrier who tries: the unit of throttling
   * @throws `operator.unset`, `operator.required` (nothing given), `operator.throttled`, `operator.wrong`
   */
  async prove(carrier: string, passphrase: string | undefined): Promise<void> {
    if (!(await this.operator.isSet())) throw operatorUnset()
    if (!passphrase) throw operatorRequired()
    const attempts = this.#attempts.get(carrier) ?? { failed: 0, blockedUntil: 0 }
    const waitMs = attempts.blockedUntil - this.nowMs()
    if (waitMs > 0) throw operatorThrottled(Math.ceil(waitMs / 1000))
    this.#countAsFailed(carrier, attempts)
    if (!(await this.operator.verify(passphrase, carrier))) throw operatorWrong()
    this.#attempts.delete(carrier)
  }

  /** Counted before the answer is known, so that guesses made at the same time count too. */
  #countAsFailed(carrier: string, attempts: Attempts): void {
    attempts.failed += 1
    const beyond = attempts.failed - freeAttempts
    if (beyond >= 0) attempts.blockedUntil = this.nowMs() + Math.min(longestWaitSeconds, 2 ** (beyond + 1)) * 1000
    this.#attempts.set(carrier, attempts)
  }
}
