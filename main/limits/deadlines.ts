import { AwakeClock } from './awake-clock.ts'

const tickMs = 100

export interface Deadline {
  /** Aborts with the reason given when time is over. */
  readonly signal: AbortSignal
  /** The call is over; nothing fires any more. */
  end(): void
}

interface Running {
  readonly endsAt: number
  readonly expire: () => void
}

/**
 * All deadlines on one timer of 100 ms, which stands still while there are none. Deadlines of equal length end in the
 * order they began, so only the first of each length is looked at. Sleep of the machine is not counted.
 */
export class Deadlines {
  readonly #byLength = new Map<number, Set<Running>>()
  #timer: NodeJS.Timeout | undefined
  #count = 0

  constructor(private readonly clock: AwakeClock = new AwakeClock()) {}

  /** @param lengthMs milliseconds awake, ended at most 100 ms late */
  start(lengthMs: number, reason: () => Error): Deadline {
    if (this.#timer === undefined) this.#startTimer()
    const controller = new AbortController()
    const running: Running = { endsAt: this.clock.now() + lengthMs, expire: () => controller.abort(reason()) }
    let same = this.#byLength.get(lengthMs)
    if (same === undefined) {
      same = new Set()
      this.#byLength.set(lengthMs, same)
    }
    same.add(running)
    this.#count += 1
    return {
      signal: controller.signal,
      end: () => {
        if (same.delete(running)) this.#count -= 1
      },
    }
  }

  /** What passed since the last tick was sleep, however short. */
  woke(): void {
    this.clock.resume()
  }

  stop(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  #startTimer(): void {
    this.clock.resume()
    this.#timer = setInterval(() => this.#tick(), tickMs)
    this.#timer.unref()
  }

  #tick(): void {
    const now = this.clock.now()
    for (const [length, same] of this.#byLength) {
      for (const running of same) {
        if (running.endsAt > now) break
        same.delete(running)
        this.#count -= 1
        running.expire()
      }
      if (same.size === 0) this.#byLength.delete(length)
    }
    if (this.#count === 0) this.stop()
  }
}
