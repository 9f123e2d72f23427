import type { Database, Statement } from '../store/database.ts'
import { contentStates } from './index-row.ts'
import type { Place } from './journal.ts'

export interface Placed extends Pick<Place, 'position' | 'size'> {
  readonly seq: number
  /** The entry's contents are erased, and take no room. */
  readonly reclaimed: boolean
}

type Lying = Place & { readonly seq: number }

/** As many rows as are looked at in one go: a millisecond or two. */
const rowsPerTurn = 10_000

/** Where the index says that entries lie, in segments whose lines can move. */
export class IndexPlaces {
  readonly #db: Database
  readonly #upTo: Statement<[number], Lying>
  readonly #move: Statement<[Omit<Placed, 'reclaimed'> & { segment: number; reclaimed: number }]>
  readonly #erased: Statement<[number, number], { segment: number; bytes: number }>

  constructor(db: Database) {
    this.#db = db
    const place = 'seq, segment, position, size'
    this.#upTo = db.prepare(`SELECT ${place} FROM audit_entry WHERE seq <= ? ORDER BY seq DESC LIMIT 1`)
    const { erased, reclaimed } = contentStates
    this.#move = db.prepare(`
      UPDATE audit_entry SET position = @position, size = @size,
        contents = CASE WHEN @reclaimed AND contents = ${erased} THEN ${reclaimed} ELSE contents END
      WHERE seq = @seq AND segment = @segment`)
    this.#erased = db.prepare(`
      SELECT segment, sum(size) AS bytes FROM audit_entry
      WHERE contents = ${erased} AND seq > ? AND seq <= ? GROUP BY segment`)
  }

  /** How many bytes the indexed entries of a segment end at; undefined when none is indexed. */
  endOf(segment: number): number | undefined {
    let [low, high] = [0, this.#upTo.get(Number.MAX_SAFE_INTEGER)?.seq ?? 0]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((this.#upTo.get(middle)?.segment ?? 0) <= segment) low = middle
      else high = middle - 1
    }
    const last = this.#upTo.get(low)
    return last?.segment === segment ? last.position + last.size + 1 : undefined
  }

  /** Bytes of the entries in each segment whose contents were erased and still take their room. */
  async erasedBytes(): Promise<ReadonlyMap<number, number>> {
    const bytes = new Map<number, number>()
    const newest = this.#upTo.get(Number.MAX_SAFE_INTEGER)?.seq ?? 0
    for (let seq = 0; seq < newest; seq += rowsPerTurn) {
      for (const found of this.#erased.all(seq, seq + rowsPerTurn))
        bytes.set(found.segment, (bytes.get(found.segment) ?? 0) + found.bytes)
      await new Promise(setImmediate) // calls go on meanwhile
    }
    return bytes
  }

  /** In one transaction. @param withIt is done with it: when it throws, no entry was moved */
  move(segment: number, places: readonly Placed[], withIt: () => void = () => {}): void {
    this.#db.transaction(() => {
      for (const { reclaimed, ...place } of places) this.#move.run({ ...place, segment, reclaimed: reclaimed ? 1 : 0 })
      withIt()
    })()
  }
}
