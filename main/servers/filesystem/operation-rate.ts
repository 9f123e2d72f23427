import { usualOperationsPerSecond } from '../../../shared/domain/folder-rights.ts'
import { Refused } from './refused.ts'

/** How many paths may be worked on in a second. What was not used in one second is not saved for the next. */
export class OperationRate {
  #left: number
  #atMs: number

  /** @param nowMs monotonic milliseconds */
  constructor(
    private readonly perSecond: number = usualOperationsPerSecond,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#left = perSecond
    this.#atMs = nowMs()
  }

  /** @throws Refused when it was one too many, saying when to try again */
  take(): void {
    const now = this.nowMs()
    this.#left = Math.min(this.perSecond, this.#left + ((now - this.#atMs) * this.perSecond) / 1000)
    this.#atMs = now
    if (this.#left < 1) {
      const waitMs = Math.ceil(((1 - this.#left) * 1000) / this.perSecond)
      throw new Refused(
        `Too many file operations: at most ${this.perSecond} a second. Nothing was done; try again in ${waitMs} ms.`,
      )
    }
    this.#left -= 1
  }
}

/** `--operations-per-second N` before everything else, when it is not the usual one. */
export function rateFromArguments(args: readonly string[]): { rate: OperationRate; rest: readonly string[] } {
  if (args[0] !== '--operations-per-second') return { rate: new OperationRate(), rest: args }
  const perSecond = Number(args[1])
  if (!Number.isInteger(perSecond) || perSecond < 1) throw new Refused('--operations-per-second needs a whole number')
  return { rate: new OperationRate(perSecond), rest: args.slice(2) }
}
