import type { Database, Statement } from '../store/database.ts'
import { emptyCounts, packed, unpackInto } from '../telemetry/distribution.ts'
import type { Labels } from '../telemetry/family.ts'

export interface SeriesRow {
  readonly id: number
  readonly name: string
  readonly labels: Labels
}
/** What happened in one step of one series. */
export interface PointRow {
  readonly at: number
  readonly count: number
  readonly sum: number
  readonly most: number
  readonly spread: Buffer | null
}

/** Figures over time, coarser with age. The same point may be written in pieces: they add up. */
export class SeriesStore {
  readonly #add: Statement<[string, string]>
  readonly #all: Statement<[], { id: number; name: string; labels: string }>
  readonly #write: Statement<[number, number, number, number, number, number, Buffer | null]>
  readonly #read: Statement<[number, number, number], PointRow>
  readonly #erase: Statement<[number, number, number]>
  readonly #count: Statement<[], number>
  readonly #any: Statement<[number, number], number>
  readonly #drop: Statement<[number]>

  constructor(private readonly db: Database) {
    db.function('added_spread', { deterministic: true }, addedSpread)
    this.#add = db.prepare('INSERT INTO metric_series (name, labels) VALUES (?, ?)')
    this.#all = db.prepare('SELECT id, name, labels FROM metric_series')
    this.#write = db.prepare(`
      INSERT INTO metric_point VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET count = count + excluded.count, sum = sum + excluded.sum,
        most = max(most, excluded.most), spread = added_spread(spread, excluded.spread)`)
    this.#read = db.prepare(
      'SELECT at, count, sum, most, spread FROM metric_point WHERE step = ? AND series = ? AND at >= ? ORDER BY at',
    )
    this.#erase = db.prepare('DELETE FROM metric_point WHERE step = ? AND series = ? AND at < ?')
    this.#count = db.prepare<[], number>('SELECT count(*) FROM metric_point').pluck()
    this.#any = db
      .prepare<[number, number], number>('SELECT 1 FROM metric_point WHERE step = ? AND series = ? LIMIT 1')
      .pluck()
    this.#drop = db.prepare('DELETE FROM metric_series WHERE id = ?')
  }

  list = (): SeriesRow[] =>
    this.#all.all().map(({ id, name, labels }) => ({ id, name, labels: JSON.parse(labels) as Labels }))

  /** @returns its id */
  add = (name: string, labels: Labels): number => Number(this.#add.run(name, JSON.stringify(labels)).lastInsertRowid)

  write = (step: number, series: number, { at, count, sum, most, spread }: PointRow) =>
    void this.#write.run(step, series, at, count, sum, most, spread)

  read = (step: number, series: number, from: number): PointRow[] => this.#read.all(step, series, from)

  /** Everything of a step that is older. @returns how many points */
  erase = (step: number, series: number, before: number): number => this.#erase.run(step, series, before).changes

  isEmpty = (step: number, series: number): boolean => this.#any.get(step, series) === undefined
  drop = (series: number) => void this.#drop.run(series)
  size = (): number => this.#count.get() ?? 0
  together = (work: () => void): void => this.db.transaction(work)()
}

function addedSpread(a: unknown, b: unknown): Buffer | null {
  if (a === null && b === null) return null
  return packed(unpackInto(unpackInto(emptyCounts(), a as Uint8Array | null), b as Uint8Array | null))
}
