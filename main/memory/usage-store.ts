import type { Database, Statement } from '../store/database.ts'
import type { UsageRow } from './rows.ts'

export const halfLifeMs = 30 * 24 * 3600 * 1000
export const faded = (strength: number, since: number, now: number): number =>
  strength * 2 ** (-Math.max(0, now - since) / halfLifeMs)

/** How often concepts were of use. Kept when a concept is forgotten, so that one that comes back is as strong as it was. */
export class UsageStore {
  readonly #one: Statement<[number], UsageRow>
  readonly #put: Statement<[UsageRow]>

  constructor(db: Database) {
    this.#one = db.prepare('SELECT * FROM usage WHERE concept = ?')
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO usage VALUES (@concept, @access_count, @accessed_at, @strength, @strengthened_at)',
    )
  }

  get = (concept: number): UsageRow | undefined => this.#one.get(concept)

  /** @param gain added to what is left of the strength; 1 was there from the beginning */
  use(concept: number, createdAt: number, now: number, gain: number, accesses: number): void {
    const row = this.get(concept)
    this.#put.run({
      concept,
      access_count: (row?.access_count ?? 0) + accesses,
      accessed_at: accesses > 0 ? now : (row?.accessed_at ?? now),
      strength: Math.max(0, faded(row?.strength ?? 1, row?.strengthened_at ?? createdAt, now) + gain),
      strengthened_at: now,
    })
  }
}
