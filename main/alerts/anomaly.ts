export interface SeenMinute {
  /** Seconds; where the minute begins. */
  readonly at: number
  readonly value: number
}

export interface AnomalyQuestion {
  /** Where the latest whole minute begins, in seconds. */
  readonly lastMinute: number
  /** 0.5 … 0.999: the share of what is usual that is let pass. */
  readonly sensitivity: number
  /** Higher than usual, or lower. */
  readonly up: boolean
}

/** So many minutes in a row, so that a single odd one is none. */
const inARow = 3
/** With fewer minutes before them nothing is known to be usual. */
const leastBefore = 20
/** A series that hardly moves is not unusual for moving a little: its spread counts as a twentieth of its middle. */
const leastSpread = 0.05
/** Makes the median of deviations comparable to a standard deviation. */
const madFactor = 1.4826

/**
 * Whether the last three whole minutes each lie farther from what is usual than sensitivity allows, all on the asked side.
 *
 * Usual is what the same series showed before, in minutes in which anything happened: the score of a minute is
 * (value − median) / max(1.4826 · MAD, 5 % of the median), the bound the normal quantile of 1 − (1 − sensitivity) / 2, which
 * is 1.96 for 0.95. With fewer than 20 such minutes, or no spread at all, there is no verdict.
 *
 * @returns the value of the latest minute; undefined when it is usual, or nobody can say
 */
export function unusual(minutes: readonly SeenMinute[], question: AnomalyQuestion): number | undefined {
  const { lastMinute, sensitivity, up } = question
  const firstOfLatest = lastMinute - (inARow - 1) * 60
  const latest = minutes.filter(({ at }) => at >= firstOfLatest && at <= lastMinute)
  const before = minutes.filter(({ at }) => at < firstOfLatest).map(({ value }) => value)
  if (latest.length < inARow || before.length < leastBefore) return undefined
  const middle = median(before)
  const spread = Math.max(
    madFactor * median(before.map((value) => Math.abs(value - middle))),
    leastSpread * Math.abs(middle),
  )
  if (spread === 0) return undefined
  const bound = normalQuantile(1 - (1 - sensitivity) / 2)
  const far = latest.every(({ value }) => (up ? value - middle : middle - value) / spread > bound)
  return far ? latest.at(-1)?.value : undefined
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = sorted.length >> 1
  const high = sorted[half] ?? 0
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] ?? high)) / 2
}

/** By halving; to four places. @param share 0.5 … 0.9999 */
export function normalQuantile(share: number): number {
  let [low, high] = [0, 4]
  while (high - low > 1e-5) {
    const middle = (low + high) / 2
    if (normalShare(middle) < share) low = middle
    else high = middle
  }
  return (low + high) / 2
}

/** How much of a normal distribution lies below a positive score. @see Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most */
function normalShare(score: number): number {
  const x = score / Math.SQRT2
  const t = 1 / (1 + 0.3275911 * x)
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
  return 1 - (tail * Math.exp(-x * x)) / 2
}
