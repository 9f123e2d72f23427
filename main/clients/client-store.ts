import type { ClientState, Program } from '../../shared/domain/call.ts'
import type { ClientId, EpochMs, WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

export interface ClientRecord {
  readonly id: ClientId
  readonly name: string
  readonly workspace: WorkspaceName
  readonly state: ClientState
  readonly pairedAt: EpochMs
  readonly lastSeenAt?: EpochMs
  readonly program?: Program
}
export interface TokenRecord {
  readonly id: string
  readonly clientId: ClientId
  /** As `apiKeyHash` makes it. */
  readonly hash: string
  /** What it is confined to; empty: nothing. @see shared/domain/key-scope.ts */
  readonly scopes: readonly string[]
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  readonly usedAt?: EpochMs
  /** Requests it came with. */
  readonly uses: number
}

interface ClientRow {
  readonly id: string
  readonly name: string
  readonly workspace: string
  readonly state: string
  readonly paired_at: number
  readonly last_seen_at: number | null
  readonly program: string | null
  readonly seal: string
}
interface TokenRow {
  readonly id: string
  readonly client_id: string
  readonly hash: string
  readonly created_at: number
  readonly expires_at: number
  readonly scopes: string
  readonly used_at: number | null
  readonly uses: number
  readonly seal: string
}

/** Clients and their API keys on disk. A row whose seal fails counts as absent and is reported. */
export class ClientStore {
  readonly #save: Statement<[ClientRow]>
  readonly #seen: Statement<[number, string]>
  readonly #clients: Statement<[], ClientRow>
  readonly #drop: Statement<[string]>
  readonly #saveToken: Statement<[TokenRow]>
  readonly #tokens: Statement<[], TokenRow>
  readonly #dropToken: Statement<[string]>
  readonly #dropTokens: Statement<[string]>
  readonly #countUses: Statement<[number, number, string]>
  readonly #dropExpired: Statement<[number]>

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly onTampered: (id: string) => void = () => {},
  ) {
    this.#save = db.prepare(`
      INSERT INTO client VALUES (@id, @name, @workspace, @state, @paired_at, @last_seen_at, @program, @seal)
      ON CONFLICT (id) DO UPDATE SET name = @name, workspace = @workspace, state = @state, paired_at = @paired_at,
        last_seen_at = @last_seen_at, program = @program, seal = @seal`)
    this.#seen = db.prepare('UPDATE client SET last_seen_at = ? WHERE id = ?')
    this.#clients = db.prepare('SELECT * FROM client ORDER BY paired_at')
    this.#drop = db.prepare('DELETE FROM client WHERE name = ?')
    this.#saveToken = db.prepare(`
      INSERT INTO client_token (id, client_id, hash, created_at, expires_at, scopes, used_at, uses, seal)
      VALUES (@id, @client_id, @hash, @created_at, @expires_at, @scopes, @used_at, @uses, @seal)
      ON CONFLICT (id) DO UPDATE SET hash = @hash, scopes = @scopes, seal = @seal`)
    this.#countUses = db.prepare('UPDATE client_token SET used_at = ?, uses = ? WHERE id = ?')
    this.#tokens = db.prepare('SELECT * FROM client_token')
    this.#dropToken = db.prepare('DELETE FROM client_token WHERE id = ?')
    this.#dropTokens = db.prepare('DELETE FROM client_token WHERE client_id = ?')
    this.#dropExpired = db.prepare('DELETE FROM client_token WHERE expires_at <= ?')
  }

  save(record: ClientRecord): void {
    const row = toRow(record)
    this.#save.run({ ...row, seal: this.rowSeal.seal('client', sealedClient(row)) })
  }

  seen = (id: ClientId, at: EpochMs) => void this.#seen.run(at, id)
  /** A name is taken by one client; pairing it anew replaces the old row, whatever was written into it. */
  drop = (name: string) => void this.#drop.run(name)

  all = (): ClientRecord[] =>
    this.#clients.all().flatMap((row) => {
      if (this.#holds(row)) return [toClient(row)]
      this.onTampered(row.id)
      return []
    })

  /** Names of those whose seal fails. */
  forged = (): string[] =>
    this.#clients
      .all()
      .filter((row) => !this.#holds(row))
      .map(({ name }) => name)

  dropForged(): void {
    for (const name of this.forged()) this.drop(name)
  }

  saveToken(token: TokenRecord): void {
    const row = {
      id: token.id,
      client_id: token.clientId,
      hash: token.hash,
      created_at: token.createdAt,
      expires_at: token.expiresAt,
      scopes: JSON.stringify(token.scopes),
      used_at: token.usedAt ?? null,
      uses: token.uses,
    }
    this.#saveToken.run({ ...row, seal: this.rowSeal.seal('client_token', sealedToken(row)) })
  }

  /** Those that still open something. */
  tokens(now: EpochMs): TokenRecord[] {
    this.#dropExpired.run(now)
    return this.#tokens.all().flatMap(({ seal, ...row }) => {
      if (this.rowSeal.holds('client_token', sealedToken(row), seal)) return [toToken(row)]
      this.onTampered(row.id)
      return []
    })
  }

  #holds = (row: ClientRow): boolean => this.rowSeal.holds('client', sealedClient(row), row.seal)

  countUses = (id: string, at: EpochMs, uses: number) => void this.#countUses.run(at, uses, id)

  dropToken = (id: string) => void this.#dropToken.run(id)
  dropTokens = (client: ClientId) => void this.#dropTokens.run(client)
}

function sealedClient(row: ClientRow): JsonObject {
  const { seal: _seal, last_seen_at: _seen, ...fields } = row
  return fields
}

/** A key without scopes is sealed as keys were before there were any. */
function sealedToken({ scopes, used_at: _at, uses: _uses, ...fields }: Omit<TokenRow, 'seal'>): JsonObject {
  return scopes === '[]' ? fields : { ...fields, scopes }
}

function toRow(record: ClientRecord): ClientRow {
  return {
    id: record.id,
    name: record.name,
    workspace: record.workspace,
    state: record.state,
    paired_at: record.pairedAt,
    last_seen_at: record.lastSeenAt ?? null,
    program: record.program ? JSON.stringify(record.program) : null,
    seal: '',
  }
}

function toClient(row: ClientRow): ClientRecord {
  return {
    id: row.id as ClientId,
    name: row.name,
    workspace: row.workspace as WorkspaceName,
    state: row.state as ClientState,
    pairedAt: row.paired_at as EpochMs,
    ...(row.last_seen_at === null ? {} : { lastSeenAt: row.last_seen_at as EpochMs }),
    ...(row.program === null ? {} : { program: JSON.parse(row.program) as Program }),
  }
}

function toToken(row: Omit<TokenRow, 'seal'>): TokenRecord {
  return {
    id: row.id,
    clientId: row.client_id as ClientId,
    hash: row.hash,
    scopes: JSON.parse(row.scopes) as string[],
    uses: row.uses,
    ...(row.used_at === null ? {} : { usedAt: row.used_at as EpochMs }),
    createdAt: row.created_at as EpochMs,
    expiresAt: row.expires_at as EpochMs,
  }
}
