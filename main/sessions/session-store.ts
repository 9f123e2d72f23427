import type { Door, SessionState } from '../../shared/domain/call.ts'
import type { ClientId, EpochMs, SessionId, WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

/** A session with what is counted. Times are wall time. */
export interface SessionRecord {
  readonly id: SessionId
  readonly clientId: ClientId
  readonly client: string
  readonly workspace: WorkspaceName
  readonly door: Door
  /** Stateless clients: the API key it belongs to. */
  readonly credential?: string
  /** Other clients: the API key or family of tokens its caller came with. */
  readonly proof?: string
  readonly state: SessionState
  readonly protocol?: string
  readonly startedAt: EpochMs
  readonly lastActiveAt: EpochMs
  readonly calls: number
  readonly refused: number
}

interface SessionRow {
  readonly id: string
  readonly client_id: string
  readonly client: string
  readonly workspace: string
  readonly door: string
  readonly credential: string | null
  readonly state: string
  readonly protocol: string | null
  readonly started_at: number
  readonly last_active_at: number
  readonly calls: number
  readonly refused: number
  readonly seal: string
  readonly proof: string | null
}

/** Milliseconds an ended session is listed. */
const keptMs = 7 * 24 * 60 * 60 * 1000

/** Sessions on disk. A row whose seal fails counts as absent: an ended session does not come back by editing it. */
export class SessionStore {
  readonly #save: Statement<[SessionRow]>
  readonly #recent: Statement<[number], SessionRow>
  readonly #forget: Statement<[number]>
  readonly #inOneGo: (records: readonly SessionRecord[]) => void

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
  ) {
    this.#save = db.prepare(`
      INSERT OR REPLACE INTO session VALUES (@id, @client_id, @client, @workspace, @door, @credential, @state, @protocol,
        @started_at, @last_active_at, @calls, @refused, @seal, @proof)`)
    this.#recent = db.prepare('SELECT * FROM session WHERE last_active_at > ? ORDER BY last_active_at DESC LIMIT 1000')
    this.#forget = db.prepare('DELETE FROM session WHERE last_active_at < ?')
    this.#inOneGo = db.transaction((records: readonly SessionRecord[]) => {
      for (const record of records) this.#saveOne(record)
    })
  }

  save(records: readonly SessionRecord[]): void {
    if (records.length > 0) this.#inOneGo(records)
  }

  /** Those active after this moment, latest first. */
  activeAfter(moment: number): SessionRecord[] {
    return this.#recent.all(moment).flatMap((row) => {
      const genuine = this.rowSeal.holds('session', sealed(row), row.seal)
      return genuine ? [toRecord(row)] : []
    })
  }

  forgetOld(now: EpochMs): void {
    this.#forget.run(now - keptMs)
  }

  #saveOne(record: SessionRecord): void {
    const row = toRow(record)
    this.#save.run({ ...row, seal: this.rowSeal.seal('session', sealed(row)) })
  }
}

/** A session without a proof is sealed as sessions were before there were any. */
function sealed(row: SessionRow): JsonObject {
  const { seal: _seal, calls: _calls, refused: _refused, last_active_at: _at, proof, ...fields } = row
  return proof === null ? fields : { ...fields, proof }
}

function toRow(record: SessionRecord): SessionRow {
  return {
    id: record.id,
    client_id: record.clientId,
    client: record.client,
    workspace: record.workspace,
    door: record.door,
    credential: record.credential ?? null,
    state: record.state,
    protocol: record.protocol ?? null,
    started_at: record.startedAt,
    last_active_at: record.lastActiveAt,
    calls: record.calls,
    refused: record.refused,
    seal: '',
    proof: record.proof ?? null,
  }
}

function toRecord(row: SessionRow): SessionRecord {
  return {
    id: row.id as SessionId,
    clientId: row.client_id as ClientId,
    client: row.client,
    workspace: row.workspace as WorkspaceName,
    door: row.door as Door,
    ...(row.credential === null ? {} : { credential: row.credential }),
    ...(row.proof === null ? {} : { proof: row.proof }),
    state: row.state as SessionState,
    ...(row.protocol === null ? {} : { protocol: row.protocol }),
    startedAt: row.started_at as EpochMs,
    lastActiveAt: row.last_active_at as EpochMs,
    calls: row.calls,
    refused: row.refused,
  }
}
