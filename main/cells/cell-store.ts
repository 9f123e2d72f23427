import type { ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'
import type { CellRecord } from './cell-record.ts'

interface CellRow {
  readonly server: string
  readonly record: string
  readonly files: string
  readonly seal: string
}
type ListKind = 'trust' | 'revoked'

const table = 'cell'
const listTable = 'cell_list'

/** Cells and the lists about them, sealed: what was written without the keychain key counts for nothing and is told. */
export class CellStore {
  readonly #all: Statement<[], CellRow>
  readonly #files: Statement<[string], { files: string }>
  readonly #put: Statement<[string, string, string, string]>
  readonly #putRecord: Statement<[string, string, string]>
  readonly #delete: Statement<[string]>
  readonly #list: Statement<[string], { value: string; seal: string }>
  readonly #putList: Statement<[string, string, string]>

  constructor(
    db: Database,
    private readonly seal: RowSeal,
    private readonly onForged: (what: string) => void = () => {},
  ) {
    this.#all = db.prepare('SELECT * FROM cell ORDER BY server')
    this.#files = db.prepare('SELECT files FROM cell WHERE server = ?')
    this.#put = db.prepare('INSERT OR REPLACE INTO cell VALUES (?, ?, ?, ?)')
    this.#putRecord = db.prepare('UPDATE cell SET record = ?, seal = ? WHERE server = ?')
    this.#delete = db.prepare('DELETE FROM cell WHERE server = ?')
    this.#list = db.prepare('SELECT value, seal FROM cell_list WHERE kind = ?')
    this.#putList = db.prepare('INSERT OR REPLACE INTO cell_list VALUES (?, ?, ?)')
  }

  /** Every record whose seal holds. */
  all(): CellRecord[] {
    return this.#all.all().flatMap(({ server, record, seal }) => {
      if (this.#holds({ server, record, seal })) return [JSON.parse(record) as CellRecord]
      this.onForged(server)
      return []
    })
  }

  /** Servers whose record's seal fails. */
  forged = (): string[] =>
    this.#all
      .all()
      .filter((row) => !this.#holds(row))
      .map(({ server }) => server)

  dropForged(): void {
    for (const server of this.forged()) this.#delete.run(server)
  }

  /** Path → SHA-256 as it was registered. Its checksum is in the sealed record; compare before believing it. */
  filesOf(server: ServerName): Readonly<Record<string, string>> {
    return JSON.parse(this.#files.get(server)?.files ?? '{}') as Record<string, string>
  }

  save(record: CellRecord, files: Readonly<Record<string, string>>): void {
    const text = JSON.stringify(record)
    this.#put.run(record.server, text, JSON.stringify(files), this.#sealOf(record.server, text))
  }

  update(record: CellRecord): void {
    const text = JSON.stringify(record)
    this.#putRecord.run(text, this.#sealOf(record.server, text), record.server)
  }

  forget(server: ServerName): void {
    this.#delete.run(server)
  }

  /** @returns undefined when it was never written, or was written by somebody else */
  list<T>(kind: ListKind): readonly T[] | undefined {
    const row = this.#list.get(kind)
    if (row === undefined) return undefined
    if (this.seal.holds(listTable, { kind, value: row.value }, row.seal)) return JSON.parse(row.value) as T[]
    this.onForged(kind)
    return undefined
  }

  saveList(kind: ListKind, value: readonly unknown[]): void {
    const text = JSON.stringify(value)
    this.#putList.run(kind, text, this.seal.seal(listTable, { kind, value: text }))
  }

  #holds = ({ server, record, seal }: Omit<CellRow, 'files'>): boolean =>
    this.seal.holds(table, { server, record }, seal)
  #sealOf = (server: string, record: string) => this.seal.seal(table, { server, record } satisfies JsonObject)
}
