import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'
import { pinOf } from './pin.ts'

export interface Version {
  readonly definition: JsonObject
  readonly pin: Sha256
}

/** One entry of one server: what the person accepted, and what the server offers. */
export interface PinRecord {
  readonly server: ServerName
  readonly kind: EntryKind
  readonly ownName: string
  /** The server's own order. */
  readonly position: number
  readonly stableName: string
  readonly accepted?: Version
  /** Missing when the server no longer offers it. */
  readonly offered?: Version
  readonly pinnedAt: number
}

interface PinRow {
  readonly server: string
  readonly kind: string
  readonly own_name: string
  readonly position: number
  readonly stable_name: string
  readonly accepted: string | null
  readonly accepted_pin: string | null
  readonly seal: string
  readonly offered: string | null
  readonly pinned_at: number
}

const table = 'pin'

/** Pins, sealed: an acceptance written by anyone without the keychain key counts as none, and is reported. */
export class PinStore {
  readonly #all: Statement<[], PinRow>
  readonly #write: Statement<unknown[]>
  readonly #delete: Statement<[string, string, string]>
  readonly #deleteServer: Statement<[string]>
  readonly #transaction: (work: () => void) => void

  constructor(
    db: Database,
    private readonly seal: RowSeal,
    private readonly onForged: (server: ServerName, ownName: string) => void = () => {},
  ) {
    this.#all = db.prepare('SELECT * FROM pin ORDER BY server, position, own_name')
    this.#write = db.prepare(
      `INSERT OR REPLACE INTO pin (server, kind, own_name, position, stable_name, accepted, accepted_pin, seal, offered, offered_pin, pinned_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    this.#delete = db.prepare('DELETE FROM pin WHERE server = ? AND kind = ? AND own_name = ?')
    this.#deleteServer = db.prepare('DELETE FROM pin WHERE server = ?')
    this.#transaction = db.transaction((work: () => void) => work())
  }

  all = (): PinRecord[] => this.#all.all().map((row) => this.#read(row))

  save(records: readonly PinRecord[], gone: readonly PinRecord[] = []): void {
    this.#transaction(() => {
      for (const record of gone) this.#delete.run(record.server, record.kind, record.ownName)
      for (const record of records) this.#saveOne(record)
    })
  }

  forget = (server: ServerName): void => {
    this.#deleteServer.run(server)
  }

  #saveOne(record: PinRecord): void {
    const accepted = record.accepted ? JSON.stringify(record.accepted.definition) : null
    const pin = record.accepted?.pin ?? null
    this.#write.run(
      record.server,
      record.kind,
      record.ownName,
      record.position,
      record.stableName,
      accepted,
      pin,
      this.seal.seal(table, sealed(record, accepted, pin)),
      record.offered ? JSON.stringify(record.offered.definition) : null,
      record.offered?.pin ?? null,
      record.pinnedAt,
    )
  }

  #read(row: PinRow): PinRecord {
    const bare = {
      server: row.server as ServerName,
      kind: row.kind as EntryKind,
      ownName: row.own_name,
      position: row.position,
      stableName: row.stable_name,
      pinnedAt: row.pinned_at,
    }
    if (!this.seal.holds(table, sealed(bare, row.accepted, row.accepted_pin), row.seal)) {
      this.onForged(bare.server, bare.ownName)
      return { ...bare, ...(row.offered === null ? {} : { offered: version(bare.kind, row.offered) }) }
    }
    const accepted = acceptedOf(row)
    const offered = row.offered === row.accepted ? accepted : version(bare.kind, row.offered)
    return { ...bare, ...(offered && { offered }), ...(accepted && { accepted }) }
  }
}

/** Its seal holds, so the pin beside it is its own; what is offered has none, and is reckoned anew. */
function acceptedOf({ accepted, accepted_pin: pin }: PinRow): Version | undefined {
  if (accepted === null || pin === null) return undefined
  return { definition: JSON.parse(accepted) as JsonObject, pin: pin as Sha256 }
}

function version(kind: EntryKind, text: string): Version
function version(kind: EntryKind, text: string | null): Version | undefined
function version(kind: EntryKind, text: string | null): Version | undefined {
  if (text === null) return undefined
  const definition = JSON.parse(text) as JsonObject
  return { definition, pin: pinOf(kind, definition) }
}

const sealed = (
  record: Pick<PinRecord, 'server' | 'kind' | 'ownName' | 'stableName' | 'pinnedAt'>,
  accepted: string | null,
  pin: string | null,
): JsonObject => ({
  server: record.server,
  kind: record.kind,
  ownName: record.ownName,
  stableName: record.stableName,
  pinnedAt: record.pinnedAt,
  accepted,
  pin,
})
