import type { ClientId, EpochMs, TaskId } from '../../shared/domain/ids.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import type { Database, Statement } from '../store/database.ts'
import type { TaskContent, TaskRecord, TaskState } from './task.ts'

interface TaskRow {
  readonly id: string
  readonly client_id: string
  readonly client: string
  readonly entry: string
  readonly state: string
  readonly phase: string
  readonly created_at: number
  readonly updated_at: number
  readonly expires_at: number
  readonly content: string
}

/** Tasks on disk. A row that was changed outside Gatehouse does not decrypt: it counts as absent and is reported. */
export class TaskStore {
  readonly #save: Statement<[TaskRow]>
  readonly #one: Statement<[string], TaskRow>
  readonly #open: Statement<[], TaskRow>
  readonly #latest: Statement<[number], TaskRow>
  readonly #ofClient: Statement<[string, number], TaskRow>
  readonly #held: Statement<[string], { count: number; bytes: number }>
  readonly #forget: Statement<[number]>
  readonly #after: Statement<[number, number], TaskRow & { readonly place: number }>
  /** Of rows found genuine since the start: a list needs no contents, which may be long. */
  readonly #heads = new Map<string, { readonly purpose: string; readonly record: TaskRecord }>()

  constructor(
    db: Database,
    private readonly cipher: FieldCipher,
    private readonly onTampered: (id: string) => void,
  ) {
    this.#save = db.prepare(`
      INSERT OR REPLACE INTO call_task VALUES (@id, @client_id, @client, @entry, @state, @phase, @created_at,
        @updated_at, @expires_at, @content)`)
    this.#one = db.prepare('SELECT * FROM call_task WHERE id = ?')
    this.#open = db.prepare("SELECT * FROM call_task WHERE phase <> 'over' ORDER BY created_at")
    this.#latest = db.prepare(`SELECT ${head} FROM call_task ORDER BY created_at DESC, rowid DESC LIMIT ?`)
    this.#ofClient = db.prepare(
      `SELECT ${head} FROM call_task WHERE client_id = ? ORDER BY created_at DESC, rowid DESC LIMIT ?`,
    )
    this.#held = db.prepare(
      'SELECT count(*) AS count, coalesce(sum(octet_length(content)), 0) AS bytes FROM call_task WHERE client_id = ?',
    )
    this.#forget = db.prepare('DELETE FROM call_task WHERE expires_at <= ?')
    this.#after = db.prepare('SELECT *, rowid AS place FROM call_task WHERE rowid > ? ORDER BY rowid LIMIT ?')
  }

  save(record: TaskRecord): void {
    const content = this.cipher.seal(Buffer.from(JSON.stringify(record.content)), purposeOf(toRow(record, '')))
    this.#save.run(toRow(record, content))
    this.#remember(record)
  }

  get = (id: string): TaskRecord | undefined => this.#genuine(this.#one.get(id))
  /** Those that were not over when they were last written, oldest first. */
  open = (): TaskRecord[] => this.#allGenuine(this.#open.all())
  /** Newest first, without calls and answers. */
  latest = (limit: number): TaskRecord[] => this.#listed(this.#latest.all(limit))
  ofClient = (client: ClientId, limit: number): TaskRecord[] => this.#listed(this.#ofClient.all(client, limit))
  /** What is kept for a client: how many tasks, and bytes on disk. */
  kept = (client: ClientId): { readonly count: number; readonly bytes: number } =>
    this.#held.get(client) ?? { count: 0, bytes: 0 }

  /** @returns how many were forgotten */
  forget(now: EpochMs): number {
    for (const [id, { record }] of this.#heads) if (record.expiresAt <= now) this.#heads.delete(id)
    return this.#forget.run(now).changes
  }

  /** With their contents, in the order of the table. @param after the place the page before ended with; 0 for the first */
  page(after: number, limit: number): { readonly records: TaskRecord[]; readonly next?: number } {
    const rows = this.#after.all(after, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)?.place
    const records = rows.flatMap(({ place: _, ...row }) => this.#genuine(row) ?? [])
    return { records, ...(last === undefined ? {} : { next: last }) }
  }

  #listed(rows: readonly TaskRow[]): TaskRecord[] {
    return rows.flatMap((row) => {
      const known = this.#heads.get(row.id)
      if (known?.purpose === purposeOf(row)) return known.record
      const found = this.get(row.id)
      return found ? this.#remember(found) : []
    })
  }

  #remember(record: TaskRecord): TaskRecord {
    const { call: _call, result: _result, error: _error, ...content } = record.content
    const short = { ...record, content }
    this.#heads.set(record.id, { purpose: purposeOf(toRow(record, '')), record: short })
    return short
  }

  #allGenuine(rows: readonly TaskRow[]): TaskRecord[] {
    return rows.flatMap((row) => this.#genuine(row) ?? [])
  }

  #genuine(row: TaskRow | undefined): TaskRecord | undefined {
    if (!row) return undefined
    try {
      return toRecord(row, this.cipher.open(row.content, purposeOf(row)).toString())
    } catch {
      this.onTampered(row.id)
      return undefined
    }
  }
}

const head = "id, client_id, client, entry, state, phase, created_at, updated_at, expires_at, '' AS content"

/** Everything but the box is authenticated with it. */
const purposeOf = ({ content: _, ...fields }: TaskRow): string => `call-task:${JSON.stringify(Object.values(fields))}`

function toRow(record: TaskRecord, content: string): TaskRow {
  return {
    id: record.id,
    client_id: record.clientId,
    client: record.client,
    entry: record.entry,
    state: record.state,
    phase: record.phase,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
    expires_at: record.expiresAt,
    content,
  }
}

function toRecord(row: TaskRow, content: string): TaskRecord {
  return {
    id: row.id as TaskId,
    clientId: row.client_id as ClientId,
    client: row.client,
    entry: row.entry,
    state: row.state as TaskState,
    phase: row.phase as TaskRecord['phase'],
    createdAt: row.created_at as EpochMs,
    updatedAt: row.updated_at as EpochMs,
    expiresAt: row.expires_at as EpochMs,
    content: JSON.parse(content) as TaskContent,
  }
}
