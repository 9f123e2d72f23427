import type { Database, Statement } from '../store/database.ts'
import { cosine, toBits, toBytes } from './embedders/quantise.ts'
import { type Condition, type Meeting, meetingAmong } from './recall/meeting.ts'
import type { VectorSupport } from './vector-extension.ts'

export interface Near {
  readonly id: number
  /** Cosine. */
  readonly similarity: number
}

type Many = Extract<Meeting, { kind: 'many' }>

interface VectorRow {
  readonly id: number
  readonly fine: Buffer
}

/** So many are chosen by their bits for each that is asked for, and then compared exactly. */
/** More are looked for in the tables. */
const lackingKept = 1_000
const choiceFactor = 4 / 3
const choiceAtLeast = 64
/** Where a larger share meets a filter, choosing more among all takes less time than naming those that do. */
const shareAmongAll = 0.25
/** sqlite-vec’s own limit on k. */
const choiceAtMost = 4096
const atOnce = 1_000

/**
 * The vectors of one embedder’s generation: eight bits a dimension in a table of ours, one bit a dimension in a sqlite-vec
 * table, made from the former. The bits choose, the bytes decide.
 */
export class VectorIndex {
  readonly #put: Statement<[number, Buffer]>
  readonly #drop: Statement<[number]>
  readonly #one: Statement<[number], VectorRow>
  readonly #many: Statement<[string], VectorRow>
  readonly #all: Statement<[], VectorRow>
  readonly #after: Statement<[number, number], VectorRow>
  readonly #count: Statement<[], { count: number }>
  readonly #due: Statement<[number, number], { id: number }>
  #coarse: CoarseTable | undefined
  /** Concepts without a vector; undefined: nobody knows, the tables are asked. */
  #lacking: Set<number> | undefined

  /** @param generation whose tables are there, or made now */
  constructor(
    private readonly db: Database,
    readonly generation: number,
    dimension: number,
    support: VectorSupport,
  ) {
    const table = `vector_${generation}`
    db.exec(`CREATE TABLE IF NOT EXISTS ${table} (id INTEGER PRIMARY KEY, fine BLOB NOT NULL) STRICT`)
    this.#put = db.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?)`)
    this.#drop = db.prepare(`DELETE FROM ${table} WHERE id = ?`)
    this.#one = db.prepare(`SELECT * FROM ${table} WHERE id = ?`)
    this.#many = db.prepare(`SELECT * FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`)
    this.#all = db.prepare(`SELECT * FROM ${table}`)
    this.#after = db.prepare(`SELECT * FROM ${table} WHERE id > ? ORDER BY id LIMIT ?`)
    this.#count = db.prepare(`SELECT count(*) AS count FROM ${table}`)
    this.#due = db.prepare(`
      SELECT id FROM concept WHERE id > ? AND id NOT IN (SELECT id FROM ${table}) ORDER BY id LIMIT ?`)
    this.#coarse = support.kind === 'sqlite-vec' ? new CoarseTable(db, generation, dimension) : undefined
  }

  put(id: number, vector: Float32Array): void {
    const fine = toBytes(vector)
    this.#put.run(id, Buffer.from(fine.buffer))
    this.#coarse?.put(id, toBits(fine))
    this.#lacking?.delete(id)
  }

  /** The concept is gone. */
  drop(id: number): void {
    this.#drop.run(id)
    this.#coarse?.drop(id)
    this.#lacking?.delete(id)
  }

  /** Its vector is no longer right; another one is made later. */
  postpone(id: number): void {
    this.drop(id)
    this.#lacking?.add(id)
    if (this.#lacking && this.#lacking.size > lackingKept) this.unsure()
  }

  /** What was put or taken away may have been taken back. */
  unsure(): void {
    this.#lacking = undefined
  }

  /** Concepts without a vector, by id, after one of them. Asking the tables reads them through, so that is not done after every write. */
  due(after: number, most: number): number[] {
    if (this.#lacking)
      return [...this.#lacking]
        .filter((id) => id > after)
        .sort((a, b) => a - b)
        .slice(0, most)
    const due = this.#due.all(after, most).map(({ id }) => id)
    if (after === 0 && due.length === 0) this.#lacking = new Set()
    return due
  }

  count = (): number => this.#count.get()?.count ?? 0
  vector(id: number): Int8Array | undefined {
    const row = this.#one.get(id)
    return row && bytesOf(row)
  }

  /** Nearest first. @param meeting only these, when given */
  nearest(query: Int8Array, most: number, meeting?: Meeting): Near[] {
    if (meeting?.kind === 'few') return best(similarities(query, this.#these(meeting.ids)), most)
    if (!this.#coarse) return best(similarities(query, this.#within(meeting?.condition)), most)
    const choice = Math.min(choiceAtMost, Math.max(choiceAtLeast, Math.ceil(most * choiceFactor)))
    const chosen = meeting
      ? this.#chosenWithin(this.#coarse, toBits(query), choice, meeting)
      : this.#coarse.nearest(toBits(query), choice)
    return best(similarities(query, this.#these(chosen)), most)
  }

  #chosenWithin(coarse: CoarseTable, bits: Uint8Array, choice: number, { condition, share }: Many): readonly number[] {
    if (share >= shareAmongAll) {
      const met = meetingAmong(this.db, condition, coarse.nearest(bits, Math.ceil(choice / share)))
      if (met.length >= choice / 2) return met
    }
    return coarse.nearest(bits, choice, condition)
  }

  /** Of these, in no order; those without a vector are left out. */
  similarities = (query: Int8Array, ids: readonly number[]): Near[] => [...similarities(query, this.#these(ids))]

  /** Whether the bits are those of exactly the vectors that are there. */
  inStep = (): boolean => this.#coarse?.inStep(this.count()) ?? true

  /** Makes the bits anew from the bytes; of what they were before nothing stays. */
  rebuild(): void {
    const coarse = this.#coarse?.emptied()
    if (!coarse) return
    this.#coarse = coarse
    for (let rows = this.#after.all(0, atOnce); rows.length > 0; rows = this.#after.all(rows.at(-1)?.id ?? 0, atOnce))
      for (const row of rows) coarse.put(row.id, toBits(bytesOf(row)))
  }

  remove(): void {
    this.#coarse?.remove()
    this.db.exec(`DROP TABLE vector_${this.generation}`)
  }

  #within = (condition: Condition | undefined): Iterable<VectorRow> =>
    condition
      ? this.db
          .prepare<[object], VectorRow>(`
            SELECT * FROM vector_${this.generation} WHERE id IN (SELECT id FROM concept WHERE ${condition.sql})`)
          .iterate(condition.values)
      : this.#all.iterate()

  #these = (ids: readonly number[]): Iterable<VectorRow> => this.#many.iterate(JSON.stringify(ids))
}

/** The bits, in sqlite-vec. */
class CoarseTable {
  readonly #put: Statement<[bigint, Uint8Array]>
  readonly #drop: Statement<[bigint]>
  readonly #nearest: Statement<[Uint8Array, number], { id: number }>
  readonly #table: string

  constructor(
    private readonly db: Database,
    private readonly generation: number,
    private readonly dimension: number,
  ) {
    this.#table = `vec_${generation}`
    this.#create()
    this.#put = db.prepare(`INSERT INTO ${this.#table} (id, bits) VALUES (?, vec_bit(?))`)
    this.#drop = db.prepare(`DELETE FROM ${this.#table} WHERE id = ?`)
    this.#nearest = db.prepare(`SELECT id FROM ${this.#table} WHERE bits MATCH vec_bit(?) AND k = ?`)
  }

  /** sqlite-vec 0.1.9 takes no vector of bits in an UPDATE, and no REPLACE: the old one goes first. */
  put(id: number, bits: Uint8Array): void {
    this.drop(id)
    this.#put.run(BigInt(id), bits)
  }

  drop = (id: number): void => void this.#drop.run(BigInt(id))

  nearest(bits: Uint8Array, most: number, within?: Condition): number[] {
    const rows = within ? this.#nearestWithin(bits, most, within) : this.#nearest.all(bits, most)
    return rows.map(({ id }) => id)
  }

  #nearestWithin = (bits: Uint8Array, most: number, { sql, values }: Condition): { id: number }[] =>
    this.db
      .prepare<[object], { id: number }>(`
        SELECT id FROM ${this.#table} WHERE bits MATCH vec_bit(@bits) AND k = @most
        AND id IN (SELECT id FROM concept WHERE ${sql})`)
      .all({ ...values, bits, most })

  inStep(vectors: number): boolean {
    const sql = `SELECT count(*) AS count, count(vector_.id) AS both FROM ${this.#table}_rowids AS bits
      LEFT JOIN ${this.#table.replace('vec_', 'vector_')} AS vector_ ON vector_.id = bits.rowid`
    const found = this.db.prepare<[], { count: number; both: number }>(sql).get()
    return found?.count === vectors && found.both === vectors
  }

  emptied(): CoarseTable {
    this.remove()
    return new CoarseTable(this.db, this.generation, this.dimension)
  }

  remove(): void {
    this.db.exec(`DROP TABLE ${this.#table}`)
  }

  #create(): void {
    this.db.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS ${this.#table} USING vec0(id INTEGER PRIMARY KEY, bits bit[${Math.ceil(this.dimension / 8) * 8}])`,
    )
  }
}

const bytesOf = ({ fine }: VectorRow): Int8Array => new Int8Array(fine.buffer, fine.byteOffset, fine.length)

function* similarities(query: Int8Array, rows: Iterable<VectorRow>): Iterable<Near> {
  for (const row of rows) yield { id: row.id, similarity: cosine(query, bytesOf(row)) }
}

function best(near: Iterable<Near>, most: number): Near[] {
  return [...near].sort((a, b) => b.similarity - a.similarity).slice(0, most)
}
