import type { CatalogEntry, EntryKind } from '../../shared/domain/catalog.ts'
import type { ServerName, WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { CatalogIndex } from './catalog-index.ts'
import { joined, textOf } from './instructions.ts'
import { ownServer, searchToolNames } from './own-entries.ts'
import { ToolSearch } from './tool-search.ts'
import type { Lens } from './views.ts'

/** Who is shown a list. */
export interface Onlooker {
  readonly lens: Lens
  readonly workspace: WorkspaceName
  /** Only this server's entries, under their own names. */
  readonly view?: ServerName
  readonly only?: Narrowed
}

/** What is left of a list beside views: what an API key may use. */
export interface Narrowed {
  /** The same for all that leave the same. */
  readonly id: string
  readonly sees: (entry: CatalogEntry, server: ServerConfig | undefined) => boolean
}

/**
 * Lists as clients see them. Each is made once for everyone who sees the same, and kept until what is offered, a view or
 * a server's configuration is another.
 */
export class Listings {
  #kept = new WeakMap<Lens, Map<string, Listing>>()
  #index: CatalogIndex | undefined
  #configs: readonly (ServerConfig | undefined)[] = []
  #untold = false

  constructor(private readonly configOf: (name: ServerName) => ServerConfig | undefined) {}

  /** @returns whether something changed since this was asked last */
  changed(index: CatalogIndex): boolean {
    this.#refresh(index)
    const untold = this.#untold
    this.#untold = false
    return untold
  }

  for(index: CatalogIndex, onlooker: Onlooker): Listing {
    const { lens, workspace, view, only } = onlooker
    this.#refresh(index)
    const kept = this.#kept.get(lens) ?? new Map<string, Listing>()
    this.#kept.set(lens, kept)
    const id = JSON.stringify([workspace, view ?? null, only?.id ?? null])
    const present = kept.get(id)
    if (present) return present
    const made = new Listing(this.#visible(index, onlooker), lens, view)
    kept.set(id, made)
    return made
  }

  /** A configuration is replaced when it changes, never written into, so that being the same object says enough. */
  #refresh(index: CatalogIndex): void {
    const configs = index.servers.map(this.configOf)
    if (this.#index === index && configs.every((config, place) => config === this.#configs[place])) return
    this.#index = index
    this.#configs = configs
    this.#kept = new WeakMap()
    this.#untold = true
  }

  /** Held-back entries and those of servers that are off, of another workspace or not in view are left out. */
  #visible(index: CatalogIndex, { lens, workspace, view, only }: Onlooker): CatalogEntry[] {
    const servers = new Set(
      index.servers.filter((name) => {
        if (name === ownServer.name) return true
        const config = this.configOf(name)
        return config?.enabled === true && config.workspace === workspace
      }),
    )
    const seen = (view === undefined ? index.entries : index.of(view)).filter(
      (entry) => entry.quarantine === undefined && servers.has(entry.server) && lens.sees(entry),
    )
    return only === undefined ? seen : this.#narrowed(seen, only)
  }

  /** What a server says of itself goes with whatever else of it is left. */
  #narrowed(seen: readonly CatalogEntry[], only: Narrowed): CatalogEntry[] {
    const left = seen.filter((entry) => entry.kind !== 'instructions' && only.sees(entry, this.configOf(entry.server)))
    const [kept, servers] = [new Set(left), new Set(left.map(({ server }) => server))]
    return seen.filter((entry) => (entry.kind === 'instructions' ? servers.has(entry.server) : kept.has(entry)))
  }
}

/** What one onlooker sees. */
export class Listing {
  readonly #lists = new Map<EntryKind, readonly JsonObject[]>()
  #search: ToolSearch | undefined
  #instructions: string | undefined
  /** Tools are to be found and called by Gatehouse's own tools, and only these are listed. */
  readonly searches: boolean

  constructor(
    readonly entries: readonly CatalogEntry[],
    lens: Lens,
    private readonly view?: ServerName,
  ) {
    const tools = entries.filter(({ kind, server }) => kind === 'tool' && server !== ownServer.name)
    this.searches = view === undefined && lens.searches(tools.length)
  }

  /** Definitions under the names this onlooker knows; the same array until something changes. */
  list(kind: EntryKind): readonly JsonObject[] {
    const present = this.#lists.get(kind)
    if (present) return present
    const shown = this.entries.filter((entry) => entry.kind === kind && (kind !== 'tool' || this.#shows(entry)))
    const made = shown.map((entry) => (this.view === undefined ? renamed(entry) : entry.definition))
    this.#lists.set(kind, made)
    return made
  }

  /** What the servers say to the model about themselves, as accepted; undefined when none says anything. */
  get instructions(): string | undefined {
    const said = this.entries.filter(({ kind }) => kind === 'instructions')
    this.#instructions ??= this.view === undefined ? joined(said) : said.map(textOf).join('\n')
    return this.#instructions === '' ? undefined : this.#instructions
  }

  /** Every tool but Gatehouse's own, ready to be searched. */
  get search(): ToolSearch {
    this.#search ??= new ToolSearch(
      this.entries.filter(({ kind, server }) => kind === 'tool' && server !== ownServer.name),
    )
    return this.#search
  }

  #shows({ server, ownName }: CatalogEntry): boolean {
    if (server !== ownServer.name) return !this.searches
    return this.searches || !searchToolNames.has(ownName)
  }
}

function renamed(entry: CatalogEntry): JsonObject {
  if (entry.kind === 'resource') return { ...entry.definition, uri: entry.name }
  if (entry.kind === 'resource-template') return { ...entry.definition, uriTemplate: entry.name }
  return { ...entry.definition, name: entry.name }
}
