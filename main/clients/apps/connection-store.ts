import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Database, Statement } from '../../store/database.ts'
import type { RowSeal } from '../../store/row-seal.ts'

/** What Gatehouse wrote into an app’s file, and how to take it back. */
export interface AppConnection {
  readonly app: string
  readonly file: string
  /** A copy of the file as it was, in `backups/`; '' when there was none. */
  readonly backup: string
  /** SHA-256 of the file as it was, hex; '' when there was none. */
  readonly beforeHash: string
  /** SHA-256 of the file as it was written. */
  readonly afterHash: string
  /** Entries that gave way to the one of Gatehouse. */
  readonly replaced: readonly string[]
  /** The app was not paired before. */
  readonly paired: boolean
  readonly connectedAt: number
}

interface Row {
  readonly app: string
  readonly file: string
  readonly backup: string
  readonly before_hash: string
  readonly after_hash: string
  readonly replaced: string
  readonly paired: number
  readonly connected_at: number
  readonly seal: string
}

const table = 'app_connection'

/** One row an app. A row whose seal fails counts as absent: nothing is restored on its word. */
export class ConnectionStore {
  readonly #all: Statement<[], Row>
  readonly #save: Statement<[Row]>
  readonly #remove: Statement<[string]>

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly onTampered: (app: string) => void = () => {},
  ) {
    this.#all = db.prepare('SELECT * FROM app_connection ORDER BY app')
    this.#save = db.prepare(
      'INSERT OR REPLACE INTO app_connection VALUES (@app, @file, @backup, @before_hash, @after_hash, @replaced, @paired, @connected_at, @seal)',
    )
    this.#remove = db.prepare('DELETE FROM app_connection WHERE app = ?')
  }

  all(): AppConnection[] {
    return this.#all.all().flatMap((row) => {
      if (this.rowSeal.holds(table, sealed(row), row.seal)) return [toConnection(row)]
      this.onTampered(row.app)
      return []
    })
  }

  get = (app: string): AppConnection | undefined => this.all().find((one) => one.app === app)

  save(connection: AppConnection): void {
    const row: Row = {
      app: connection.app,
      file: connection.file,
      backup: connection.backup,
      before_hash: connection.beforeHash,
      after_hash: connection.afterHash,
      replaced: JSON.stringify(connection.replaced),
      paired: connection.paired ? 1 : 0,
      connected_at: connection.connectedAt,
      seal: '',
    }
    this.#save.run({ ...row, seal: this.rowSeal.seal(table, sealed(row)) })
  }

  remove = (app: string): void => void this.#remove.run(app)
}

function sealed({ seal: _, ...fields }: Row): JsonObject {
  return fields
}

function toConnection(row: Row): AppConnection {
  return {
    app: row.app,
    file: row.file,
    backup: row.backup,
    beforeHash: row.before_hash,
    afterHash: row.after_hash,
    replaced: JSON.parse(row.replaced) as string[],
    paired: row.paired === 1,
    connectedAt: row.connected_at,
  }
}
