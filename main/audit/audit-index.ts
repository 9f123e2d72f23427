import type { z } from 'zod'
import type { auditEntry, auditFilter } from '../../shared/contract/audit.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'
import { type Entry, readLine } from './entry.ts'
import type { Journal, Place, Written } from './journal.ts'
import { linesOf } from './journal-reader.ts'
import { inWorkspace, WorkspaceIndex } from './workspace-index.ts'

export type AuditEntry = z.input<typeof auditEntry>
export type AuditFilter = z.output<typeof auditFilter>

interface EntryRow {
  seq: number
  time: number
  action: string
  severity: AuditEntry['severity']
  decision: string | null
  client: string | null
  session: string | null
  server: string | null
  tool: string | null
  summary: string
  duration_ms: number | null
  code: string | null
  intent: number | null
  hash: string
  segment: number
  position: number
  size: number
}

/** Small enough that a group holds up no call for a millisecond. */
const groupEntries = 128
const groupMs = 250
/** Full text follows when the log has been quiet for so long, or when somebody searches. */
const quietMs = 1000
const textChunk = 500
/** A call that takes longer than this many others is not looked for after a crash. */
const newest = 10_000

/** The journal's entries as rows, filled in groups. Everything in it can be read from the journal again. */
export class AuditIndex {
  readonly #db: Database
  readonly #onProblem: (problem: string) => void
  readonly #insert: Statement<[EntryRow]>
  readonly #workspaces: WorkspaceIndex
  readonly #insertText: Statement<[number, number]>
  readonly #textEnd: Statement<[], { end: number | null }>
  readonly #newest: Statement<[], EntryRow>
  readonly #unfinished: Statement<[], EntryRow>
  readonly #one: Statement<[number], EntryRow>
  readonly #calls: Statement<[number, number], EntryRow>
  #waiting: EntryRow[] = []
  #timer: NodeJS.Timeout | undefined
  #quiet: NodeJS.Timeout | undefined

  constructor(db: Database, onProblem: (problem: string) => void) {
    this.#db = db
    this.#onProblem = onProblem
    this.#insert = db.prepare(`
      INSERT INTO audit_entry VALUES (@seq, @time, @action, @severity, @decision, @client, @session, @server, @tool,
        @summary, @duration_ms, @code, @intent, @hash, @segment, @position, @size)`)
    this.#workspaces = new WorkspaceIndex(db)
    this.#insertText = db.prepare(`
      INSERT INTO audit_text (rowid, summary, action, decision, client, server, tool, code)
      SELECT seq, summary, action, decision, client, server, tool, code FROM audit_entry WHERE seq > ?
      ORDER BY seq LIMIT ?`)
    this.#textEnd = db.prepare('SELECT max(id) AS end FROM audit_text_docsize')
    this.#newest = db.prepare('SELECT * FROM audit_entry ORDER BY seq DESC LIMIT 1')
    this.#unfinished = db.prepare(`
      SELECT * FROM audit_entry AS begun
      WHERE action = 'intent' AND seq > (SELECT coalesce(max(seq), 0) FROM audit_entry) - ${newest}
        AND NOT EXISTS (SELECT 1 FROM audit_entry AS ended WHERE ended.intent = begun.seq)
      ORDER BY seq`)
    this.#one = db.prepare('SELECT * FROM audit_entry WHERE seq = ?')
    this.#calls = db.prepare(`
      SELECT * FROM audit_entry WHERE action = 'tools/call' AND time >= ? AND client IS NOT NULL AND tool IS NOT NULL
      ORDER BY seq DESC LIMIT ?`)
  }

  /** Reads what the journal has and the index has not; begins anew when the two do not fit. */
  async catchUp(folder: string, journal: Journal): Promise<void> {
    const newest = this.#newest.get()
    const fits = newest !== undefined && newest.seq <= journal.seq && hashAt(journal, newest) === newest.hash
    if (newest && !fits) this.#clear()
    const from = fits ? { segment: newest.segment, position: newest.position + newest.size + 1 } : undefined
    let last = fits ? newest.seq : 0
    for await (const { bytes, ...place } of linesOf(folder, from)) {
      const line = readLine(bytes)
      if ('problem' in line || line.entry.seq <= last) continue // verify() names it
      last = line.entry.seq
      this.#workspaces.note(line.entry)
      this.#waiting.push(rowOf(line.entry, line.hash, place))
      if (this.#waiting.length >= groupEntries) this.flush()
    }
    this.flush()
  }

  add(written: Written): void {
    this.#workspaces.note(written.entry)
    this.#waiting.push(rowOf(written.entry, written.hash, written))
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
        for (const row of rows) this.#insert.run(row)
        this.#workspaces.write()
      })()
      this.#waiting = []
      this.#quiet?.refresh()
      this.#quiet ??= setTimeout(() => this.#indexSomeText(), quietMs).unref()
    } catch (error) {
      this.#onProblem(`the audit index could not be written: ${(error as Error).message}`)
      if (rows.length > 50_000) this.#waiting = [] // the next start reads them from the journal
    }
  }

  /** @returns how many entries were added to the full text, oldest first */
  #indexText(): number {
    return this.#insertText.run(this.#textEnd.get()?.end ?? 0, textChunk).changes
  }

  /** A chunk at a time while nothing else happens, so that a search need not wait for it. */
  #indexSomeText(): void {
    this.#quiet = undefined
    try {
      if (this.#indexText() < textChunk) return
      this.#quiet = setTimeout(() => this.#indexSomeText(), 20).unref()
    } catch (error) {
      this.#onProblem(`the audit index could not be written: ${(error as Error).message}`)
    }
  }

  stop(): void {
    this.flush()
    clearTimeout(this.#quiet)
  }

  /** Newest first. */
  list(filter: AuditFilter): { entries: AuditEntry[]; total: number } {
    this.flush()
    if (filter.text) while (this.#indexText() === textChunk);
    const conditions: string[] = []
    const values: (string | number)[] = []
    const also = (condition: string, value: string | number | undefined) => {
      if (value === undefined || value === '') return
      conditions.push(condition)
      values.push(value)
    }
    also('client = ?', filter.client)
    also('server = ?', filter.server)
    also('decision = ?', filter.decision)
    also(inWorkspace, filter.workspace)
    also('seq IN (SELECT rowid FROM audit_text WHERE audit_text MATCH ?)', filter.text && matching(filter.text))
    const total = this.#db.prepare<unknown[], { n: number }>(
      `SELECT count(*) AS n FROM audit_entry ${where(conditions)}`,
    )
    const counted = total.get(...values)?.n ?? 0
    also('seq < ?', filter.before)
    const page = this.#db.prepare<unknown[], EntryRow>(
      `SELECT * FROM audit_entry ${where(conditions)} ORDER BY seq DESC LIMIT ?`,
    )
    return { entries: page.all(...values, filter.limit).map(toAuditEntry), total: counted }
  }

  /** Where an entry lies in the journal. */
  find(seq: number): (Place & { readonly entry: AuditEntry }) | undefined {
    this.flush()
    const row = this.#one.get(seq)
    return row && { segment: row.segment, position: row.position, size: row.size, entry: toAuditEntry(row) }
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

  #clear(): void {
    this.#workspaces.clear()
    this.#db.exec(`DELETE FROM audit_entry; INSERT INTO audit_text (audit_text) VALUES ('rebuild')`)
  }
}

function hashAt(journal: Journal, place: Place): string | undefined {
  try {
    return journal.read(place).hash
  } catch {
    return undefined
  }
}

const where = (conditions: readonly string[]) => (conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '')

/** Every word, by its beginning; as quoted strings, so that FTS operators in it mean nothing. */
function matching(text: string): string | undefined {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? []
  return words.length > 0 ? words.map((word) => `"${word}"*`).join(' ') : undefined
}

function rowOf(entry: Entry, hash: string, { segment, position, size }: Place): EntryRow {
  return {
    seq: entry.seq,
    time: entry.time,
    action: entry.action,
    severity: entry.severity,
    decision: entry.decision ?? null,
    client: entry.client ?? null,
    session: entry.session ?? null,
    server: entry.server ?? null,
    tool: entry.tool ?? null,
    summary: entry.summary,
    duration_ms: entry.durationMs ?? null,
    code: entry.code ?? null,
    intent: entry.intent ?? null,
    hash,
    segment,
    position,
    size,
  }
}

function toAuditEntry(row: EntryRow): AuditEntry {
  const optional = {
    decision: row.decision,
    client: row.client,
    session: row.session,
    server: row.server,
    tool: row.tool,
    durationMs: row.duration_ms,
    code: row.code,
  }
  const present = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== null))
  return {
    seq: row.seq,
    time: row.time as EpochMs,
    action: row.action,
    severity: row.severity,
    summary: row.summary,
    ...(present as Partial<AuditEntry>),
  }
}
