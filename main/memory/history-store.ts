import type { CallId, EpochMs, SessionId } from '../../shared/domain/ids.ts'
import type { Provenance, WriteAct } from '../../shared/domain/memory.ts'
import type { Database, Statement } from '../store/database.ts'
import { type Kind, labelBits, labelsOf } from './rows.ts'

export interface WriteRow {
  readonly id: number
  readonly at: number
  readonly act: string
  readonly client: string
  readonly client_name: string
  readonly session: string | null
  readonly call: string | null
  readonly labels: number
  readonly undoes: number | null
  readonly undone_by: number | null
}

export interface ChangeRow {
  readonly kind: Kind
  readonly thing: number
  readonly write: number
  /** The row as it was, as JSON; null when there was none. */
  readonly before: string | null
}

/** Every write with its provenance, and what each thing was before it. */
export class HistoryStore {
  readonly #begin: Statement<[Omit<WriteRow, 'id' | 'undone_by'>]>
  readonly #drop: Statement<[number]>
  readonly #note: Statement<[Kind, number, number, string | null]>
  readonly #write: Statement<[number], WriteRow>
  readonly #latest: Statement<[number, number], WriteRow>
  readonly #latestOf: Statement<[number, number, number, number, number, number, number], WriteRow>
  readonly #changes: Statement<[number, number, number, number], ChangeRow>
  readonly #shownChanges: Statement<[number, number], ChangeRow>
  readonly #count: Statement<[number], { changes: number }>
  readonly #next: Statement<[Kind, number, number], ChangeRow>
  readonly #since: Statement<[number, Kind], ChangeRow>
  readonly #lastBefore: Statement<[number], { id: number }>
  readonly #undone: Statement<[number, number]>
  readonly #writes: Statement<[], { writes: number }>
  readonly #known = new Map<number, Provenance>()

  constructor(db: Database) {
    this.#begin = db.prepare(`
      INSERT INTO write (at, act, client, client_name, session, call, labels, undoes)
      VALUES (@at, @act, @client, @client_name, @session, @call, @labels, @undoes)`)
    this.#drop = db.prepare('DELETE FROM write WHERE id = ?')
    this.#note = db.prepare('INSERT OR IGNORE INTO change (kind, thing, write, before) VALUES (?, ?, ?, ?)')
    this.#write = db.prepare('SELECT * FROM write WHERE id = ?')
    this.#latest = db.prepare('SELECT * FROM write WHERE id < ? ORDER BY id DESC LIMIT ?')
    this.#latestOf = db.prepare(`
      SELECT * FROM write WHERE id < ? AND id IN (
        SELECT write FROM change WHERE kind IN (0, 3) AND thing = ?
        UNION SELECT write FROM change WHERE kind = 2 AND thing IN (
          SELECT id FROM relation WHERE origin = ? UNION SELECT id FROM relation WHERE target = ?
          UNION SELECT thing FROM change WHERE kind = 2 AND before IS NOT NULL AND before ->> '$.origin' = ?
          UNION SELECT thing FROM change WHERE kind = 2 AND before IS NOT NULL AND before ->> '$.target' = ?)
      ) ORDER BY id DESC LIMIT ?`)
    this.#changes = db.prepare(
      'SELECT * FROM change WHERE write = ? AND (kind, thing) > (?, ?) ORDER BY kind, thing LIMIT ?',
    )
    this.#shownChanges = db.prepare('SELECT * FROM change WHERE write = ? AND kind <> 1 ORDER BY kind, thing LIMIT ?')
    this.#count = db.prepare('SELECT count(*) AS changes FROM change WHERE write = ? AND kind <> 1')
    this.#next = db.prepare('SELECT * FROM change WHERE kind = ? AND thing = ? AND write > ? ORDER BY write LIMIT 1')
    this.#since = db.prepare(`
      SELECT kind, thing, min(write) AS write, before FROM change WHERE write > ? AND kind = ? GROUP BY thing`)
    this.#lastBefore = db.prepare('SELECT id FROM write WHERE at <= ? ORDER BY at DESC, id DESC LIMIT 1')
    this.#undone = db.prepare('UPDATE write SET undone_by = ? WHERE id = ?')
    this.#writes = db.prepare('SELECT count(*) AS writes FROM write')
  }

  /** @returns the number of the write that begins */
  begin(at: EpochMs, act: WriteAct, by: Provenance, undoes?: number): number {
    const written = this.#begin.run({
      at,
      act,
      client: by.client,
      client_name: by.clientName,
      session: by.session ?? null,
      call: by.call ?? null,
      labels: labelBits(by.labels),
      undoes: undoes ?? null,
    })
    return Number(written.lastInsertRowid)
  }

  /** Of a write that changed nothing. */
  drop = (write: number): void => void this.#drop.run(write)
  /** What a thing was before the write; said again within the same write, the first stands. */
  note = (kind: Kind, thing: number, write: number, before: string | null): void =>
    void this.#note.run(kind, thing, write, before)

  write = (id: number): WriteRow | undefined => this.#write.get(id)
  latest = (before: number, limit: number): WriteRow[] => this.#latest.all(before, limit)
  latestOf = (concept: number, before: number, limit: number): WriteRow[] =>
    this.#latestOf.all(before, concept, concept, concept, concept, concept, limit)
  /** In order. @param after the last one of those read before */
  changes = (write: number, limit = -1, after?: Pick<ChangeRow, 'kind' | 'thing'>): ChangeRow[] =>
    this.#changes.all(write, after?.kind ?? -1, after?.thing ?? 0, limit)
  /** Of concepts and relations, the first ones. */
  shownChanges = (write: number, limit: number): ChangeRow[] => this.#shownChanges.all(write, limit)
  /** Of concepts and relations. */
  changeCount = (write: number): number => this.#count.get(write)?.changes ?? 0
  /** The first change of a thing after a write: what it was then is what the write left. */
  next = (kind: Kind, thing: number, write: number): ChangeRow | undefined => this.#next.get(kind, thing, write)
  /** What every thing of a kind that changed after a write was when that write was done. */
  since = (write: number, kind: Kind): ChangeRow[] => this.#since.all(write, kind)
  /** The last write at or before a time; 0 when there is none. */
  lastBefore = (at: number): number => this.#lastBefore.get(at)?.id ?? 0
  markUndone = (write: number, by: number): void => void this.#undone.run(by, write)
  /** Reads the table through: asked once, when it is opened. */
  count = (): number => this.#writes.get()?.writes ?? 0

  provenance(write: number): Provenance {
    const known = this.#known.get(write)
    if (known) return known
    const row = this.#write.get(write)
    if (!row) throw new Error(`no write ${write}`)
    if (this.#known.size >= 10_000) this.#known.clear()
    const found = provenanceOf(row)
    this.#known.set(write, found)
    return found
  }
}

export const provenanceOf = (row: WriteRow): Provenance => ({
  client: row.client as Provenance['client'],
  clientName: row.client_name,
  ...(row.session === null ? {} : { session: row.session as SessionId }),
  ...(row.call === null ? {} : { call: row.call as CallId }),
  labels: labelsOf(row.labels),
})
