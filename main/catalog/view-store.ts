import type { CatalogView, ListMode, ViewHolder } from '../../shared/domain/catalog-view.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

export interface ViewRecord extends CatalogView {
  readonly holder: ViewHolder
  /** Lower case, NFC: a view outlives the client it was made for, and holds for the next one of that name. */
  readonly name: string
}

export interface StoredViews {
  readonly views: readonly ViewRecord[]
  /** Whose view was written or taken out without the keychain key: until it is set again they see nothing. */
  readonly forged: readonly Pick<ViewRecord, 'holder' | 'name'>[]
}

interface ViewRow {
  readonly holder: string
  readonly name: string
  readonly servers: string | null
  readonly hidden: string
  readonly mode: string | null
  readonly seal: string
}

const table = 'catalog_view'

/** Views on disk, each sealed, and the list of them too. */
export class ViewStore {
  readonly #all: Statement<[], ViewRow>
  readonly #put: Statement<[ViewRow]>
  readonly #remove: Statement<[string, string]>
  readonly #inTransaction: (work: () => void) => void

  constructor(
    db: Database,
    private readonly seal: RowSeal,
  ) {
    this.#all = db.prepare('SELECT * FROM catalog_view ORDER BY holder, name')
    this.#put = db.prepare(
      'INSERT OR REPLACE INTO catalog_view VALUES (@holder, @name, @servers, @hidden, @mode, @seal)',
    )
    this.#remove = db.prepare('DELETE FROM catalog_view WHERE holder = ? AND name = ?')
    this.#inTransaction = db.transaction((work: () => void) => work())
  }

  all(): StoredViews {
    const rows = this.#all.all()
    const genuine = rows.filter((row) => this.seal.holds(table, fieldsOf(row), row.seal))
    const noted = notedIn(genuine.find(({ holder }) => holder === 'all'))
    const views = genuine.filter(({ holder, name }) => holder !== 'all' && noted.has(key(holder, name))).map(toView)
    const sound = new Set(views.map(({ holder, name }) => key(holder, name)))
    const found = rows.filter(({ holder }) => holder !== 'all').map(({ holder, name }) => key(holder, name))
    const forged = [...new Set([...noted, ...found])].filter((one) => !sound.has(one)).map(parsedKey)
    return { views, forged }
  }

  /** @param views all of them, this one included, or without it when it is gone */
  save(changed: Pick<ViewRecord, 'holder' | 'name'>, views: readonly ViewRecord[]): void {
    this.#inTransaction(() => {
      const kept = views.find(({ holder, name }) => holder === changed.holder && name === changed.name)
      if (kept) this.#write(toRow(kept))
      else this.#remove.run(changed.holder, changed.name)
      const names = views.map(({ holder, name }) => key(holder, name)).sort()
      this.#write({ holder: 'all', name: '', servers: null, hidden: JSON.stringify(names), mode: null })
    })
  }

  #write(row: Omit<ViewRow, 'seal'>): void {
    this.#put.run({ ...row, seal: this.seal.seal(table, fieldsOf(row)) })
  }
}

const key = (holder: string, name: string) => `${holder}\n${name}`

function parsedKey(text: string): Pick<ViewRecord, 'holder' | 'name'> {
  const end = text.indexOf('\n')
  return { holder: text.slice(0, end) as ViewHolder, name: text.slice(end + 1) }
}

const notedIn = (row: ViewRow | undefined): ReadonlySet<string> =>
  new Set(row === undefined ? [] : (JSON.parse(row.hidden) as string[]))

const fieldsOf = ({ holder, name, servers, hidden, mode }: Omit<ViewRow, 'seal'>): JsonObject => ({
  holder,
  name,
  servers,
  hidden,
  mode,
})

const toRow = ({ holder, name, servers, hidden, mode }: ViewRecord): Omit<ViewRow, 'seal'> => ({
  holder,
  name,
  servers: servers === undefined ? null : JSON.stringify(servers),
  hidden: JSON.stringify(hidden),
  mode: mode ?? null,
})

const toView = (row: ViewRow): ViewRecord => ({
  holder: row.holder as ViewHolder,
  name: row.name,
  hidden: JSON.parse(row.hidden) as string[],
  ...(row.servers === null ? {} : { servers: JSON.parse(row.servers) as ServerName[] }),
  ...(row.mode === null ? {} : { mode: row.mode as ListMode }),
})
