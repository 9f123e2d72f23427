import type { ApprovalId, ClientId, EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { AllowScope } from '../../shared/domain/verdict.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'
import { type ApprovalContent, type ApprovalRecord, type ApprovalState, type QuestionKind, sha256 } from './approval.ts'

/** Encrypts what an approval shows. Synchronous; throws when a text was changed or the key is another. */
export interface ContentCipher {
  encrypt(text: string): string
  decrypt(text: string): string
}

interface ApprovalRow {
  readonly id: string
  readonly kind: string
  readonly state: string
  readonly client: string
  readonly client_id: string | null
  readonly entry: string
  readonly title: string
  readonly binding: string
  readonly created_at: number
  readonly expires_at: number
  readonly decided_at: number | null
  readonly decided_by: string | null
  readonly scope: string | null
  readonly reason: string | null
  readonly releases: number
  readonly release_until: number | null
  readonly content: string
  readonly seal: string
}

/** Milliseconds an ended approval is kept: the audit log is the lasting record. */
const keptMs = 90 * 24 * 60 * 60 * 1000

/** Approvals on disk. A row whose seal fails counts as absent and is reported: only this app's key makes rows. */
export class ApprovalStore {
  readonly #save: Statement<[ApprovalRow]>
  readonly #one: Statement<[string], ApprovalRow>
  readonly #open: Statement<[number], ApprovalRow>
  readonly #latest: Statement<[number], ApprovalRow>
  readonly #lastApproved: Statement<[string, string], ApprovalRow>
  readonly #forget: Statement<[number]>
  readonly #after: Statement<[number, number], ApprovalRow & { readonly place: number }>
  readonly #drop: Statement<[string]>

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly cipher: ContentCipher,
    private readonly onTampered: (id: string) => void,
  ) {
    this.#save = db.prepare(`
      INSERT OR REPLACE INTO approval VALUES (@id, @kind, @state, @client, @client_id, @entry, @title, @binding,
        @created_at, @expires_at, @decided_at, @decided_by, @scope, @reason, @releases, @release_until, @content, @seal)`)
    this.#one = db.prepare('SELECT * FROM approval WHERE id = ?')
    this.#open = db.prepare("SELECT * FROM approval WHERE state = 'pending' OR releases > 0 AND release_until > ?")
    this.#latest = db.prepare('SELECT * FROM approval ORDER BY created_at DESC, rowid DESC LIMIT ?')
    this.#lastApproved = db.prepare(`
      SELECT * FROM approval WHERE client_id = ? AND entry = ? AND state = 'approved' ORDER BY created_at DESC LIMIT 1`)
    this.#forget = db.prepare("DELETE FROM approval WHERE state <> 'pending' AND created_at < ?")
    this.#after = db.prepare('SELECT *, rowid AS place FROM approval WHERE rowid > ? ORDER BY rowid LIMIT ?')
    this.#drop = db.prepare('DELETE FROM approval WHERE id = ?')
  }

  save(record: ApprovalRecord): void {
    const content = this.cipher.encrypt(JSON.stringify(record.content))
    const row = toRow(record, content)
    this.#save.run({ ...row, seal: this.rowSeal.seal('approval', sealed(row)) })
  }

  get = (id: string): ApprovalRecord | undefined => this.#genuine(this.#one.get(id))

  /** Pending ones and those with calls still to release. */
  unfinished = (now: EpochMs): ApprovalRecord[] => this.#allGenuine(this.#open.all(now))
  /** Newest first. */
  latest = (limit: number): ApprovalRecord[] => this.#allGenuine(this.#latest.all(limit))
  lastApproved = (client: ClientId, entry: string): ApprovalRecord | undefined =>
    this.#genuine(this.#lastApproved.get(client, entry))

  forgetOld(now: EpochMs): void {
    this.#forget.run(now - keptMs)
  }

  /** In the order of the table. @param after the place the page before ended with; 0 for the first */
  page(after: number, limit: number): { readonly records: ApprovalRecord[]; readonly next?: number } {
    const rows = this.#after.all(after, limit)
    const last = rows.length < limit ? undefined : rows.at(-1)?.place
    const records = rows.flatMap(({ place: _, ...row }) => this.#genuine(row) ?? [])
    return { records, ...(last === undefined ? {} : { next: last }) }
  }

  /** For good: the audit log is the lasting record. */
  drop = (id: ApprovalId): void => void this.#drop.run(id)

  #allGenuine(rows: readonly ApprovalRow[]): ApprovalRecord[] {
    return rows.flatMap((row) => this.#genuine(row) ?? [])
  }

  #genuine(row: ApprovalRow | undefined): ApprovalRecord | undefined {
    if (!row) return undefined
    try {
      if (this.rowSeal.holds('approval', sealed(row), row.seal)) return toRecord(row, this.cipher.decrypt(row.content))
    } catch {
      // Content that does not decrypt is treated like a seal that does not hold.
    }
    this.onTampered(row.id)
    return undefined
  }
}

/** Everything but the seal; the content by its hash. */
function sealed(row: Omit<ApprovalRow, 'seal'> & { readonly seal?: string }): JsonObject {
  const { seal: _, content, ...fields } = row
  return { ...fields, content: sha256(content) }
}

function toRow(record: ApprovalRecord, content: string): Omit<ApprovalRow, 'seal'> & { seal: string } {
  return {
    id: record.id,
    kind: record.kind,
    state: record.state,
    client: record.client,
    client_id: record.clientId ?? null,
    entry: record.entry,
    title: record.title,
    binding: record.binding,
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    decided_at: record.decidedAt ?? null,
    decided_by: record.decidedBy ?? null,
    scope: record.scope ?? null,
    reason: record.reason ?? null,
    releases: record.releases,
    release_until: record.releaseUntil ?? null,
    content,
    seal: '',
  }
}

function toRecord(row: ApprovalRow, content: string): ApprovalRecord {
  return {
    id: row.id as ApprovalId,
    kind: row.kind as QuestionKind,
    state: row.state as ApprovalState,
    client: row.client,
    ...(row.client_id === null ? {} : { clientId: row.client_id as ClientId }),
    entry: row.entry,
    title: row.title,
    binding: row.binding as Sha256,
    createdAt: row.created_at as EpochMs,
    expiresAt: row.expires_at as EpochMs,
    ...(row.decided_at === null ? {} : { decidedAt: row.decided_at as EpochMs }),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.scope === null ? {} : { scope: row.scope as AllowScope }),
    ...(row.reason === null ? {} : { reason: row.reason }),
    releases: row.releases,
    ...(row.release_until === null ? {} : { releaseUntil: row.release_until as EpochMs }),
    content: JSON.parse(content) as ApprovalContent,
  }
}
