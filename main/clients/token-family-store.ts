import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

/** A chain of refresh tokens, each of which is good for one use. */
export interface TokenFamily {
  readonly id: string
  readonly clientId: ClientId
  /** What it was begun with: an API key's id, or its own. The program behind it is judged under this id. */
  readonly credentialId: string
  /** Of the refresh token that was not used yet. */
  readonly generation: number
  readonly state: 'live' | 'revoked'
  readonly beganAt: EpochMs
  /** Of the newest refresh token. */
  readonly expiresAt: EpochMs
}

interface FamilyRow {
  readonly id: string
  readonly client_id: string
  readonly credential_id: string
  readonly generation: number
  readonly state: string
  readonly began_at: number
  readonly expires_at: number
  readonly seal: string
}

/** Token families on disk. A row whose seal fails counts as absent and is reported. */
export class TokenFamilyStore {
  readonly #save: Statement<[FamilyRow]>
  readonly #all: Statement<[], FamilyRow>
  readonly #dropExpired: Statement<[number]>
  readonly #drop: Statement<[string]>

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly onTampered: (id: string) => void = () => {},
  ) {
    this.#save = db.prepare(`
      INSERT INTO token_family
        VALUES (@id, @client_id, @credential_id, @generation, @state, @began_at, @expires_at, @seal)
      ON CONFLICT (id) DO UPDATE SET generation = @generation, state = @state, expires_at = @expires_at, seal = @seal`)
    this.#all = db.prepare('SELECT * FROM token_family')
    this.#drop = db.prepare('DELETE FROM token_family WHERE id = ?')
    this.#dropExpired = db.prepare('DELETE FROM token_family WHERE expires_at <= ?')
  }

  save({ id, clientId, credentialId, generation, state, beganAt, expiresAt }: TokenFamily): void {
    const row = {
      id,
      client_id: clientId,
      credential_id: credentialId,
      generation,
      state,
      began_at: beganAt,
      expires_at: expiresAt,
    }
    this.#save.run({ ...row, seal: this.rowSeal.seal('token_family', row) })
  }

  /** Those whose newest token could still be used. */
  all(now: EpochMs): TokenFamily[] {
    this.#dropExpired.run(now)
    return this.#all.all().flatMap((row) => {
      if (this.#holds(row)) return [toFamily(row)]
      this.onTampered(row.id)
      return []
    })
  }

  /** Ids of those whose seal fails. */
  forged = (): string[] =>
    this.#all
      .all()
      .filter((row) => !this.#holds(row))
      .map(({ id }) => id)

  dropForged(): void {
    for (const id of this.forged()) this.#drop.run(id)
  }

  #holds = ({ seal, ...row }: FamilyRow): boolean => this.rowSeal.holds('token_family', row, seal)
}

const toFamily = (row: Omit<FamilyRow, 'seal'>): TokenFamily => ({
  id: row.id,
  clientId: row.client_id as ClientId,
  credentialId: row.credential_id,
  generation: row.generation,
  state: row.state as TokenFamily['state'],
  beganAt: row.began_at as EpochMs,
  expiresAt: row.expires_at as EpochMs,
})
