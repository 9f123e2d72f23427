/** What happened in one minute, of all series of a cause together. */
export interface MinutePoint {
  /** Seconds; where the minute begins. */
  readonly at: number
  /** Of a gauge how often it was looked at, of a histogram how many were counted. */
  readonly count: number
  /** Of a counter how much it grew, of a gauge the sum of what it showed, of a histogram the sum of what was counted. */
  readonly sum: number
  /** Of a gauge: the most it showed. */
  readonly most: number
  /** Of a histogram (telemetry/distribution.ts). */
  readonly counts?: Float64Array
}

export type MetricType = 'counter' | 'gauge' | 'histogram'

/** The figures that are kept, as rules read them. */
export interface Figures {
  /** Undefined for a name nobody counts under. */
  type(metric: string): MetricType | undefined
  /** Minutes in which something happened, oldest first, by the value of a label (or all under '' without one). */
  minutes(
    metric: string,
    where: Readonly<Record<string, string>>,
    fromSeconds: number,
    by: string | undefined,
  ): ReadonlyMap<string, readonly MinutePoint[]>
  /** What a gauge shows now. */
  now(metric: string): readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[]
}
