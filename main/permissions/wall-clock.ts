import type { EpochMs } from '../../shared/domain/ids.ts'

const toleratedMs = 5 * 60_000
const keepEveryMs = 60_000

/** Where the highest wall-clock time ever seen is kept. */
export interface WallClockMark {
  wallClockMark(): EpochMs | undefined
  keepWallClockMark(at: EpochMs): void
}

/**
 * Wall time for grants that end at a date. Remembers, also over restarts, the latest time it ever saw; when the clock is
 * more than 5 minutes behind that, it was set back, and dates cannot be trusted.
 */
export class WallClock {
  #mark: number
  #kept: number

  constructor(
    private readonly marks: WallClockMark,
    private readonly read: () => EpochMs = () => Date.now() as EpochMs,
  ) {
    this.#mark = marks.wallClockMark() ?? 0
    this.#kept = this.#mark
  }

  now(): EpochMs {
    const now = this.read()
    if (now > this.#mark) this.#advance(now)
    return now
  }

  setBack = (now: EpochMs): boolean => now < this.#mark - toleratedMs

  /** The person confirmed something dated by the clock as it is now, so the clock is right again. */
  confirm(now: EpochMs): void {
    this.#mark = now
    this.#kept = now
    this.marks.keepWallClockMark(now)
  }

  #advance(now: EpochMs): void {
    this.#mark = now
    if (now - this.#kept < keepEveryMs) return
    this.#kept = now
    this.marks.keepWallClockMark(now)
  }
}
