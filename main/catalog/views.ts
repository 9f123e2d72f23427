import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import { type CatalogView, type ListMode, searchAbove, type ViewHolder } from '../../shared/domain/catalog-view.ts'
import type { ServerName, WorkspaceName } from '../../shared/domain/ids.ts'
import { isRolledOut } from '../config/rollout.ts'
import { linearRegExp } from './linear-regexp.ts'
import { ownServer } from './own-entries.ts'
import type { ViewRecord, ViewStore } from './view-store.ts'

/** What one client of one workspace sees. The same object for everyone who sees the same, until a view changes. */
export interface Lens {
  /** Servers of other workspaces are not its business: the catalog leaves those out before. */
  sees(entry: Pick<CatalogEntry, 'server' | 'name' | 'ownName'>): boolean
  /** Whether its tools are to be searched rather than listed. */
  searches(tools: number): boolean
}

/** Who looks: a client, by its name, in its workspace. */
export interface Looker {
  readonly workspace: WorkspaceName
  readonly client: string
}

export interface ShownView extends ViewRecord {
  /** It was changed outside Gatehouse, so its holder sees nothing until it is set again. */
  readonly broken: boolean
}

const nothing: CatalogView = { servers: [], hidden: [] }
const everything: CatalogView = { hidden: [] }

/** Per-client and per-workspace views. They only ever take away; judging comes after. */
export class Views {
  #views: ReadonlyMap<string, ViewRecord>
  readonly #broken = new Set<string>()
  #lenses = new Map<string, Lens>()

  constructor(
    private readonly store: ViewStore,
    onForged: (holder: ViewHolder, name: string) => void = () => {},
    /** Per cent of the clients whose long lists are searched where nobody chose for them. */
    private readonly searchPercent: () => number = () => 0,
  ) {
    const { views, forged } = store.all()
    const closed = forged.map((whose): ViewRecord => ({ ...nothing, ...whose }))
    this.#views = new Map([...views, ...closed].map((view) => [key(view.holder, view.name), view]))
    for (const { holder, name } of forged) {
      this.#broken.add(key(holder, name))
      onForged(holder, name)
    }
  }

  /** Sorted by holder and name. */
  list = (): ShownView[] =>
    [...this.#views.entries()].sort().map(([id, view]) => ({ ...view, broken: this.#broken.has(id) }))

  of = (holder: ViewHolder, name: string): CatalogView => this.#views.get(key(holder, name)) ?? everything

  /** A view that takes nothing away and sets nothing is not kept. */
  set(holder: ViewHolder, name: string, view: CatalogView): ShownView {
    const id = key(holder, name)
    const record: ViewRecord = { ...view, holder, name: folded(name) }
    const plain = view.servers === undefined && view.hidden.length === 0 && view.mode === undefined
    const after = new Map(this.#views)
    if (plain) after.delete(id)
    else after.set(id, record)
    this.store.save(record, [...after.values()])
    this.#views = after
    this.#broken.delete(id)
    this.#lenses = new Map()
    return { ...record, broken: false }
  }

  lens({ workspace, client }: Looker): Lens {
    const own = this.#views.get(key('client', client))
    const unchosen = isRolledOut('tool-search', client, this.searchPercent()) ? 'auto' : 'list'
    const id = JSON.stringify([workspace, own?.name ?? null, unchosen])
    const present = this.#lenses.get(id)
    if (present) return present
    const lens = lensOf([this.of('workspace', workspace), own ?? everything], unchosen)
    this.#lenses.set(id, lens)
    return lens
  }
}

const folded = (name: string) => name.normalize('NFC').toLowerCase()
const key = (holder: ViewHolder, name: string) => `${holder}\n${folded(name)}`

/**
 * @param views the workspace's first
 * @param unchosen the mode where no view names one
 */
export function lensOf(views: readonly CatalogView[], unchosen: ListMode = 'list'): Lens {
  const servers = views.flatMap((view) => (view.servers ? [new Set<ServerName>(view.servers)] : []))
  const hidden = views.flatMap((view) => view.hidden).map(glob)
  const mode: ListMode = views.findLast((view) => view.mode !== undefined)?.mode ?? unchosen
  return {
    sees: ({ server, name, ownName }) =>
      server === ownServer.name ||
      (servers.every((some) => some.has(server)) && !hidden.some((hides) => hides(name) || hides(ownName))),
    searches: (tools) => mode === 'search' || (mode === 'auto' && tools > searchAbove),
  }
}

/** A text in which `*` stands for any text; nothing else is special, and case counts for nothing. */
function glob(text: string): (value: string) => boolean {
  const parts = text.split('*').map((part) => part.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'))
  const compiled = linearRegExp(`^(?s:${parts.join('.*')})$`, 'i')
  return (value) => compiled.test(value)
}
