import type { ClientId } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'

interface Row {
  readonly client_id: string
  readonly patience_ms: number
  readonly seen_at: number
}

/** How long each client was seen to wait, kept across restarts. It gives no right, so the rows need no seal. */
export class PatienceStore {
  readonly #all: Statement<[], Row>
  readonly #save: Statement<[string, number, number]>

  constructor(
    db: Database,
    private readonly now: () => number = Date.now,
  ) {
    this.#all = db.prepare('SELECT * FROM client_patience')
    this.#save = db.prepare('INSERT OR REPLACE INTO client_patience VALUES (?, ?, ?)')
  }

  /** Milliseconds by client. */
  all = (): [ClientId, number][] => this.#all.all().map((row) => [row.client_id as ClientId, row.patience_ms])

  save = (client: ClientId, patienceMs: number): void => void this.#save.run(client, patienceMs, this.now())
}
