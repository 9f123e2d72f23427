import { emptyCounts, packed, unpackInto } from '../telemetry/distribution.ts'
import type { Family, Labels, Sample } from '../telemetry/family.ts'
import type { PointRow, SeriesRow, SeriesStore } from './series-store.ts'

const hour = 3600
const day = 24 * hour
/** How far points are apart, and for how long they are kept, in seconds: each picture has its points (shared/domain/metrics.ts). */
const kept: readonly { readonly step: number; readonly for: number }[] = [
  { step: 60, for: 26 * hour },
  { step: 300, for: 3 * day },
  { step: 900, for: 9 * day },
  { step: hour, for: 60 * day },
  { step: day, for: 800 * day },
]
/** About 50 bytes each: when there are more, the oldest of the finest go first. */
const mostPoints = 600_000
const mostSeries = 5_000

/** A point of a picture. */
export interface Point {
  readonly at: number
  readonly count: number
  readonly sum: number
  readonly most: number
  /** Of a histogram: how many fell into each bucket. */
  readonly counts?: Float64Array
}

interface Known extends SeriesRow {
  readonly key: string
  /** What the counter or histogram showed when it was folded last. */
  value: number
  counts?: Float64Array
  /** Of a gauge since then. */
  looked: number
  sum: number
  most: number
  /** Once it showed more than nothing, nothing is written as well: else averages would leave it out. */
  moved: boolean
}

/**
 * Folds figures that only grow, and gauges looked at now and then, into points a minute, five, fifteen, an hour and a day
 * apart. What is folded is written at once at every distance, so that nothing has to be made up for after a crash: the
 * last minute is what may be lost.
 */
export class Series {
  readonly #known = new Map<string, Known>()
  #foldedAt: number

  /** @param now seconds */
  constructor(
    private readonly store: SeriesStore,
    private readonly now: () => number = () => Date.now() / 1000,
    private readonly limit = mostPoints,
  ) {
    this.#foldedAt = now()
    this.#load()
  }

  /** Looks at gauges; what they show counts for the minute. */
  look(families: readonly Family[]): void {
    for (const family of families)
      for (const { labels, value } of family.samples) {
        const series = this.#of(family.name, labels)
        if (!series || !Number.isFinite(value)) continue
        series.looked += 1
        series.sum += value
        series.most = Math.max(series.most, value)
      }
  }

  /** Writes what changed since it was called last. */
  fold(families: readonly Family[]): void {
    const at = Math.max(this.#foldedAt, this.now() - 1) // a minute is folded when it is over
    this.#foldedAt = this.now()
    this.store.together(() => {
      for (const { name, type, samples } of families)
        if (type !== 'gauge') for (const sample of samples) this.#grown(name, sample, at)
      for (const series of this.#known.values()) this.#lookedAt(series, at)
    })
  }

  /** Points of every series of that name and those labels, oldest first, added up by the labels asked for. */
  read(name: string, where: Labels, from: number, step: number, by: readonly string[] = []): Map<string, Point[]> {
    const source = [...kept].reverse().find((one) => step % one.step === 0 && one.step <= step)?.step ?? 60
    const start = Math.floor(from / step) * step
    const groups = new Map<string, Map<number, Point>>()
    for (const series of this.#known.values()) {
      if (series.name !== name || !Object.entries(where).every(([label, value]) => series.labels[label] === value))
        continue
      const key = by.map((label) => series.labels[label] ?? '').join(' ')
      const group = groups.get(key) ?? new Map<number, Point>()
      groups.set(key, group)
      for (const row of this.store.read(source, series.id, start)) addTo(group, Math.floor(row.at / step) * step, row)
    }
    return new Map([...groups].map(([key, points]) => [key, [...points.values()].sort((a, b) => a.at - b.at)]))
  }

  /** Values a label has, of what is kept. */
  values(name: string, label: string): string[] {
    const found = new Set<string>()
    for (const series of this.#known.values()) {
      const value = series.name === name ? series.labels[label] : undefined
      if (value !== undefined) found.add(value)
    }
    return [...found].sort()
  }

  /** Drops what is too old, or too much. Called now and then. */
  sweep(): void {
    const now = this.now()
    this.store.together(() => {
      for (const { step, for: seconds } of kept)
        for (const { id } of this.#known.values()) this.store.erase(step, id, now - seconds)
      for (const { step, for: seconds } of kept) if (this.store.size() > this.limit) this.#thin(step, now, seconds)
    })
    this.#forgetEmpty()
  }

  /** Days are kept longest: what has none has nothing. */
  #forgetEmpty(): void {
    const day = kept.at(-1)?.step ?? 0
    for (const [key, { id, looked, value }] of this.#known)
      if (looked === 0 && value === 0 && this.store.isEmpty(day, id)) {
        this.#known.delete(key)
        this.store.drop(id)
      }
  }

  /** Halves how long points of a step are kept until there are few enough. */
  #thin(step: number, now: number, seconds: number): void {
    for (let keep = seconds / 2; keep >= step && this.store.size() > this.limit; keep /= 2)
      for (const { id } of this.#known.values()) this.store.erase(step, id, now - keep)
  }

  #grown(name: string, { labels, value, distribution }: Sample, at: number): void {
    const series = this.#of(name, labels)
    if (!series) return
    if (distribution) {
      const more = distribution.count - series.value
      if (more <= 0) return
      const spread = packed(distribution.counts, series.counts)
      this.#write(series, at, { count: more, sum: distribution.sum - series.sum, most: 0, spread })
      series.value = distribution.count
      series.sum = distribution.sum
      series.counts = Float64Array.from(distribution.counts)
      return
    }
    const more = value - series.value
    if (more <= 0) return
    series.value = value
    this.#write(series, at, { count: 1, sum: more, most: more, spread: null })
  }

  #lookedAt(series: Known, at: number): void {
    if (series.looked === 0) return
    const { looked: count, sum, most } = series
    series.looked = 0
    series.sum = 0
    series.most = 0
    if (sum === 0 && !series.moved) return
    series.moved = true
    this.#write(series, at, { count, sum, most, spread: null })
  }

  #write({ id }: Known, at: number, point: Omit<PointRow, 'at'>): void {
    for (const { step } of kept) this.store.write(step, id, { at: Math.floor(at / step) * step, ...point })
  }

  #of(name: string, labels: Labels): Known | undefined {
    const key = keyOf(name, labels)
    const known = this.#known.get(key)
    if (known || this.#known.size >= mostSeries) return known
    return this.#keep({ id: this.store.add(name, labels), name, labels })
  }

  #load(): void {
    for (const row of this.store.list()) this.#keep(row)
  }

  #keep(row: SeriesRow): Known {
    const key = keyOf(row.name, row.labels)
    const known: Known = { ...row, key, value: 0, looked: 0, sum: 0, most: 0, moved: false }
    this.#known.set(key, known)
    return known
  }
}

const keyOf = (name: string, labels: Labels) => `${name} ${JSON.stringify(labels)}`

function addTo(points: Map<number, Point>, at: number, { count, sum, most, spread }: PointRow): void {
  const before = points.get(at)
  const counts =
    spread === null && before?.counts === undefined ? undefined : unpackInto(before?.counts ?? emptyCounts(), spread)
  points.set(at, {
    at,
    count: count + (before?.count ?? 0),
    sum: sum + (before?.sum ?? 0),
    most: Math.max(most, before?.most ?? 0),
    ...(counts ? { counts } : {}),
  })
}
