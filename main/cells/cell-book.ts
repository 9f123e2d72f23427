import type { CellStatus } from '../../shared/domain/cell.ts'
import type { ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { cellPending } from '../../shared/errors.ts'
import type { CellRecord } from './cell-record.ts'
import type { CellStore } from './cell-store.ts'

export interface CellChange {
  readonly server: ServerName
  readonly status: CellStatus | 'refused' | 'changed' | 'update'
  readonly detail: string
}

/** What is configured of a server and names its cell. */
export type CellOfServer = Pick<ServerConfig, 'cell' | 'code' | 'acceptedCode'> & Partial<Pick<ServerConfig, 'origin'>>

export interface CellBookParts {
  readonly store: CellStore
  readonly servers: {
    list(): readonly ServerConfig[]
    get(name: ServerName): ServerConfig | undefined
    need(name: ServerName): ServerConfig
    set(name: ServerName, change: CellOfServer): unknown
  }
  /** Writes that count together or not at all. */
  readonly together?: (writes: () => void) => void
  /** Something about a cell changed: for the record, the person and the windows. */
  readonly onChange: (change: CellChange) => void
}

/** The records of all cells, in memory and kept sealed; each server's configuration names the manifest of its record. */
export class CellBook {
  readonly #records: Map<ServerName, CellRecord>

  constructor(private readonly parts: CellBookParts) {
    this.#records = new Map(parts.store.all().map((record) => [record.server, record]))
  }

  get = (server: ServerName): CellRecord | undefined => this.#records.get(server)
  list = (): CellRecord[] => [...this.#records.values()].sort((a, b) => (a.server < b.server ? -1 : 1))
  filesOf = (server: ServerName) => this.parts.store.filesOf(server)

  /** @throws cell.pending */
  need(name: ServerName): CellRecord {
    const record = this.#records.get(name)
    if (record === undefined) throw cellPending(name)
    return record
  }

  /** What is registered from now on. @param also changes of its server that count only together with it */
  put(
    record: CellRecord,
    files: Readonly<Record<string, string>>,
    also: Omit<CellOfServer, 'cell' | 'code'> = {},
  ): void {
    const { hash } = record.manifest.identity
    const write = () => {
      this.parts.store.save(record, files)
      this.parts.servers.set(record.server, { ...also, cell: hash as Sha256, code: record.code.checksum as Sha256 })
    }
    if (this.parts.together) this.parts.together(write)
    else write()
    this.#records.set(record.server, record)
  }

  save(record: CellRecord): void {
    this.parts.store.update(record)
    this.#records.set(record.server, record)
    const { hash } = record.manifest.identity
    const server = this.parts.servers.get(record.server)
    if (server && server.cell !== hash) this.parts.servers.set(record.server, { cell: hash as Sha256 })
  }

  forget(server: ServerName): void {
    this.parts.store.forget(server)
    this.#records.delete(server)
  }

  tell(server: ServerName, status: CellChange['status'], detail: string): void {
    this.parts.onChange({ server, status, detail })
  }
}
