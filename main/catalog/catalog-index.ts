import type { CatalogEntry, EntryKind } from '../../shared/domain/catalog.ts'
import type { EntryName, ServerName } from '../../shared/domain/ids.ts'
import { ownEntries } from './own-entries.ts'
import { titleOf } from './pin.ts'
import type { PinRecord } from './pin-store.ts'
import { templateMatcher } from './uri-template.ts'

interface Template {
  readonly entry: CatalogEntry
  readonly matches: (uri: string) => boolean
}

/** Everything offered, ready to be found by name. Built anew when pins change; calls only read it. */
export class CatalogIndex {
  /**
   * By server name, then the server's own order, then kind and name, so that neither a restart nor the order in which
   * servers were added shows. Gatehouse's own come last.
   */
  readonly entries: readonly CatalogEntry[]
  /** Those with entries, by name. */
  readonly servers: readonly ServerName[]
  readonly #byServer: ReadonlyMap<ServerName, readonly CatalogEntry[]>
  readonly #byName = new Map<string, CatalogEntry>()
  readonly #byOwnName = new Map<string, CatalogEntry>()
  readonly #templates: Template[] = []

  constructor(records: readonly PinRecord[]) {
    const sorted = [...records].sort(
      (a, b) =>
        compare(a.server, b.server) ||
        a.position - b.position ||
        compare(a.kind, b.kind) ||
        compare(a.ownName, b.ownName),
    )
    this.entries = [...sorted.flatMap(entryOf), ...ownEntries]
    this.#byServer = Map.groupBy(this.entries, ({ server }) => server)
    this.servers = [...this.#byServer.keys()]
    for (const entry of this.entries) {
      this.#byName.set(key(entry.kind, entry.name), entry)
      this.#byOwnName.set(key(entry.kind, entry.server, entry.ownName), entry)
      if (entry.kind === 'resource-template') this.#templates.push({ entry, matches: templateMatcher(entry.ownName) })
    }
  }

  /** @param view a server under whose own names is looked */
  find(kind: EntryKind, name: string, view?: ServerName): CatalogEntry | undefined {
    return view === undefined ? this.#byName.get(key(kind, name)) : this.#byOwnName.get(key(kind, view, name))
  }

  templatesFor(uri: string): CatalogEntry[] {
    return this.#templates.filter(({ matches }) => matches(uri)).map(({ entry }) => entry)
  }

  of = (server: ServerName): readonly CatalogEntry[] => this.#byServer.get(server) ?? []
}

const key = (...parts: string[]) => parts.join('\n')
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** What was accepted, as long as the server still offers just that; else what it offers, held back. */
function entryOf(record: PinRecord): CatalogEntry[] {
  const { offered, accepted } = record
  if (offered === undefined) return []
  const quarantine = accepted === undefined ? 'new' : accepted.pin === offered.pin ? undefined : 'changed'
  return [
    {
      kind: record.kind,
      name: record.stableName as EntryName,
      server: record.server,
      ownName: record.ownName,
      title: titleOf(offered.definition, record.ownName),
      definition: offered.definition,
      pin: offered.pin,
      ...(quarantine === undefined ? {} : { quarantine }),
    },
  ]
}
