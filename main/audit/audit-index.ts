import type { Database, Statement } from '../store/database.ts'
import type { AuditFacets, AuditFilter } from './audit-search.ts'
import { AuditSearch } from './audit-search.ts'
import { readLine } from './entry.ts'
import { IndexPlaces } from './index-places.ts'
import { type AuditEntry, columns, type EntryRow, rowOf, toAuditEntry, valuesOf } from './index-row.ts'
import type { Journal, Place, Written } from './journal.ts'
import { linesOf } from './journal-reader.ts'
import { placesAnew } from './reclaim-segments.ts'
import { TextIndex } from './text-index.ts'
import { WorkspaceIndex } from './workspace-index.ts'

export type { AuditFacets, AuditFilter } from './audit-search.ts'
export type { AuditEntry } from './index-row.ts'

/** Small enough that a group holds up no call for a millisecond. */
const groupEntries = 128
const groupMs = 250
/** Full text follows so long after an entry, or when somebody searches … */
const quietMs = 1000
/** … but waits for as long as more entries than this come in a second: then it would cost each call an eighth more. */
const busyEntries = 200
/** So often at most; then a chunk comes in each time all the same. */
const mostWaits = 30
const textChunk = 500
/** What a search adds itself; the rest of a long backlog follows in the background, and the answer says so. */
const mostChunksAtOnce = 4
/** A call that takes longer than this many others is not looked for after a crash. */
const newest = 10_000

/** The journal's entries as rows, filled in groups. Everything in it can be read from the journal again. */
export class AuditIndex {
  readonly places: IndexPlaces
  readonly #db: Database
  readonly #onProblem: (problem: string) => void
  readonly #insert: Statement<(string | number | null)[]>
  readonly #workspaces: WorkspaceIndex
  readonly #count: Statement<[string, string, number]>
  readonly #search: AuditSearch
  readonly #text: TextIndex
  readonly #newest: Statement<[], EntryRow>
  readonly #unfinished: Statement<[], EntryRow>
  readonly #one: Statement<[number], EntryRow>
  readonly #erasable: Statement<[number, number, number], Place & { readonly seq: number }>
  readonly #markErased: Statement<[number]>
  readonly #erasures: Statement<[number], Place & { readonly seq: number }>
  readonly #oldest: Statement<[], number>
  readonly #calls: Statement<[number, number], EntryRow>
  #waiting: EntryRow[] = []
  #timer: NodeJS.Timeout | undefined
  #quiet: NodeJS.Timeout | undefined
  /** Entries since full text was last due. */
  #added = 0
  /** How often it waited since nothing was missing. */
  #waits = 0

  constructor(db: Database, onProblem: (problem: string) => void) {
    this.places = new IndexPlaces(db)
    this.#db = db
    this.#onProblem = onProblem
    this.#insert = db.prepare(
      `INSERT INTO audit_entry (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
    )
    this.#workspaces = new WorkspaceIndex(db)
    this.#count = db.prepare(
      'INSERT INTO audit_facet VALUES (?, ?, ?) ON CONFLICT (field, value) DO UPDATE SET n = n + excluded.n',
    )
    this.#text = new TextIndex(db)
    this.#search = new AuditSearch(db, this.#text)
    this.#newest = db.prepare('SELECT * FROM audit_entry ORDER BY seq DESC LIMIT 1')
    this.#unfinished = db.prepare(`
      SELECT * FROM audit_entry AS begun
      WHERE action = 'intent' AND seq > (SELECT coalesce(max(seq), 0) FROM audit_entry) - ${newest}
        AND NOT EXISTS (SELECT 1 FROM audit_entry AS ended WHERE ended.intent = begun.seq)
      ORDER BY seq`)
    this.#one = db.prepare('SELECT * FROM audit_entry WHERE seq = ?')
    const place = 'seq, segment, position, size'
    this.#erasable = db.prepare(`
      SELECT ${place} FROM audit_entry WHERE contents = 1 AND (time < ? OR (pii = 1 AND time < ?)) ORDER BY seq LIMIT ?`)
    this.#markErased = db.prepare('UPDATE audit_entry SET contents = 2 WHERE seq = ? AND contents = 1')
    this.#erasures = db.prepare(
      `SELECT ${place} FROM audit_entry WHERE action = 'audit.erase' AND seq > ? ORDER BY seq`,
    )
    this.#oldest = db
      .prepare<[], number>('SELECT time FROM audit_entry WHERE contents = 1 ORDER BY seq LIMIT 1')
      .pluck()
    this.#calls = db.prepare(`
      SELECT * FROM audit_entry WHERE action = 'tools/call' AND time >= ? AND client IS NOT NULL AND tool IS NOT NULL
      ORDER BY seq DESC LIMIT ?`)
  }

  /** Reads what the journal has and the index has not; begins anew when the two do not fit. */
  async catchUp(folder: string, journal: Journal): Promise<void> {
    const newest = this.#newest.get()
    const fits = newest !== undefined && newest.seq <= journal.seq && hashAt(journal, newest) === newest.hash
    if (!fits) this.#clear()
    if (fits) {
      await placesAnew(folder, journal.end.segment, this.places)
      this.#recountUnless(newest.seq)
    }
    const from = fits ? { segment: newest.segment, position: newest.position + newest.size + 1 } : undefined
    let last = fits ? newest.seq : 0
    for await (const { bytes, ...place } of linesOf(folder, from)) {
      const line = readLine(bytes)
      if ('problem' in line || line.entry.seq <= last) continue // verify() names it
      last = line.entry.seq
      this.#workspaces.note(line.entry)
      this.#waiting.push(rowOf(line.entry, line.hash, place, line.erased.length > 0))
      if (this.#waiting.length >= groupEntries) this.flush()
    }
    this.flush()
    this.#textSoon(quietMs)
  }

  add(written: Written): void {
    this.#workspaces.note(written.entry)
    this.#waiting.push(rowOf(written.entry, written.hash, written))
    this.#added += 1
    if (this.#waiting.length >= groupEntries) this.#flushSoon(0)
    else if (!this.#timer) this.#flushSoon(groupMs)
  }

  /** Writes the waiting rows in one transaction. They keep waiting when the database cannot be written. */
  flush(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#waiting.length === 0) return
    const rows = this.#waiting
    try {
      this.#db.transaction(() => {
        for (const row of rows) this.#insert.run(...valuesOf(row))
        this.#workspaces.write()
        for (const [field, value, n] of facetsOf(rows)) this.#count.run(field, value, n)
      })()
      this.#waiting = []
      this.#textSoon(quietMs)
    } catch (error) {
      this.#onProblem(`the audit index could not be written: ${(error as Error).message}`)
      if (rows.length > 50_000) this.#waiting = [] // the next start reads them from the journal
    }
  }

  #textSoon(inMs: number): void {
    this.#quiet ??= setTimeout(() => this.#indexSomeText(inMs), inMs).unref()
  }

  /** A chunk at a time while nothing else happens, so that a search need not wait for it. */
  #indexSomeText(afterMs: number): void {
    const busy = this.#added > Math.max(1, (busyEntries * afterMs) / 1000)
    this.#quiet = undefined
    this.#added = 0
    const waits = busy && this.#waits++ < mostWaits
    const more = !waits && this.#addText()
    if (!busy && !more) this.#waits = 0
    if (busy || more) this.#textSoon(busy ? quietMs : 20)
  }

  /** @returns whether there may be more */
  #addText(): boolean {
    try {
      return this.#text.add(textChunk)
    } catch (error) {
      this.#onProblem(`the audit index could not be written: ${(error as Error).message}`)
      return false
    }
  }

  stop(): void {
    this.flush()
    clearTimeout(this.#quiet)
  }

  /** Newest first. `missing`: entries that a question in words does not look at yet. */
  list(filter: AuditFilter): { entries: AuditEntry[]; total: number; more?: true; missing?: number } {
    const missing = this.#upToDate(filter)
    const { rows, total, more } = this.#search.list(filter)
    return { entries: rows.map(toAuditEntry), total, ...(more ? { more: true as const } : {}), ...missing }
  }

  facets(filter: AuditFilter): AuditFacets {
    const missing = this.#upToDate(filter)
    return { ...this.#search.facets(filter), ...missing }
  }

  /** Entries older than the full text may wait for the background; the newest may not. */
  #upToDate(filter: AuditFilter): { missing?: number } {
    this.flush()
    if (!filter.text) {
      if (this.#search.isTogether(filter)) this.#addText()
      return {}
    }
    for (let chunk = 0; chunk < mostChunksAtOnce; chunk++) if (!this.#addText()) break
    const missing = this.#search.missing(filter)
    return missing > 0 ? { missing } : {}
  }

  /** Where an entry lies in the journal. */
  find(seq: number): (Place & { readonly entry: AuditEntry }) | undefined {
    this.flush()
    const row = this.#one.get(seq)
    return row && { segment: row.segment, position: row.position, size: row.size, entry: toAuditEntry(row) }
  }

  place(seq: number): (Place & { readonly seq: number }) | undefined {
    this.flush()
    const row = this.#one.get(seq)
    return row && { seq, segment: row.segment, position: row.position, size: row.size }
  }

  /** Entries with contents that are older than that, oldest first. */
  erasable(
    limits: { readonly before: number; readonly piiBefore: number },
    most: number,
  ): (Place & { readonly seq: number })[] {
    this.flush()
    return this.#erasable.all(limits.before, limits.piiBefore, most)
  }

  markErased(seqs: readonly number[]): void {
    this.#db.transaction(() => {
      for (const seq of seqs) this.#markErased.run(seq)
    })()
  }

  /** What the log says was erased, from an entry on. */
  erasures(from: number): (Place & { readonly seq: number })[] {
    this.flush()
    return this.#erasures.all(from)
  }

  /** When the oldest entry that still has contents was written. */
  oldestContents(): number | undefined {
    return this.#oldest.get() ?? undefined
  }

  /** Tool calls since then, newest first. */
  calls(since: number, most: number): (Place & { readonly entry: AuditEntry })[] {
    this.flush()
    return this.#calls
      .all(since, most)
      .map((row) => ({ segment: row.segment, position: row.position, size: row.size, entry: toAuditEntry(row) }))
  }

  /** Among the newest: what was about to happen and has no end on record, oldest first. */
  unfinished(): AuditEntry[] {
    return this.#unfinished.all().map(toAuditEntry)
  }

  #flushSoon(inMs: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.flush(), inMs)
  }

  /** Counts that do not add up, because part of the index was lost, are made anew. */
  #recountUnless(entries: number): void {
    const counted = this.#db.prepare<[], number>(`SELECT coalesce(sum(n), 0) FROM audit_facet WHERE field = 'category'`)
    if (counted.pluck().get() === entries) return
    this.#db.transaction(() => {
      this.#db.exec('DELETE FROM audit_facet')
      for (const field of facetFields)
        this.#db.exec(
          `INSERT INTO audit_facet SELECT '${field}', ${field}, count(*) FROM audit_entry WHERE ${field} IS NOT NULL GROUP BY ${field}`,
        )
    })()
  }

  #clear(): void {
    this.#workspaces.clear()
    this.#text.clear()
    this.#db.exec('DELETE FROM audit_entry; DELETE FROM audit_facet')
  }
}

function hashAt(journal: Journal, place: Place): string | undefined {
  try {
    return journal.read(place).hash
  } catch {
    return undefined
  }
}

const facetFields = ['category', 'severity', 'decision', 'client', 'server', 'action'] as const

/** How many rows of a group have what in common: a few counters instead of one a row. */
function facetsOf(rows: readonly EntryRow[]): [string, string, number][] {
  const counts = new Map<string, [string, string, number]>()
  for (const row of rows) {
    for (const field of facetFields) {
      const value = row[field]
      if (value === null) continue
      const known = counts.get(`${field} ${value}`)
      if (known) known[2] += 1
      else counts.set(`${field} ${value}`, [field, value, 1])
    }
  }
  return [...counts.values()]
}
