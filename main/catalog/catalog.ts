/**
 * Every tool, resource, template and prompt of the servers, under one stable name, with the pin the person accepted.
 * It serves lists without starting a server, and refuses whatever is unknown, held back or belongs to a server that is
 * switched off. It never accepts a change by itself, and never believes a row without its seal.
 */
import type { z } from 'zod'
import type { pinChange } from '../../shared/contract/servers.ts'
import type { Client, ExchangeMethod, Session } from '../../shared/domain/call.ts'
import type { CatalogEntry, CatalogWarning, EntryKind } from '../../shared/domain/catalog.ts'
import type { CatalogView, ViewHolder } from '../../shared/domain/catalog-view.ts'
import { byWeight, type Finding, isGrave } from '../../shared/domain/finding.ts'
import type { EntryName, ServerName, Sha256, WorkspaceName } from '../../shared/domain/ids.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { entryQuarantined, entryUnknown, serverDisabled } from '../../shared/errors.ts'
import { type Check, SchemaCompiler } from './argument-schema.ts'
import { CatalogIndex } from './catalog-index.ts'
import { type Listing, Listings, type Narrowed } from './listings.ts'
import { mergeListing, type Offered } from './merge-listing.ts'
import { withoutOptionalNulls } from './optional-nulls.ts'
import { ownServer } from './own-entries.ts'
import { descriptionOf, pinOf, titleOf } from './pin.ts'
import type { PinRecord, PinStore, Version } from './pin-store.ts'
import { type ListedKind, listedAs, listedKinds, ShownKinds } from './shown-kinds.ts'
import { ownUriOf } from './stable-names.ts'
import { type Lens, type Looker, lensOf, type ShownView, type Views } from './views.ts'
import { findWarnings, toolsOfOthers } from './warnings.ts'

/** With what was found in it, which the contract says in words. */
type PinChange = Omit<z.output<typeof pinChange>, 'findings'> & { readonly findings?: readonly Finding[] }

/** The configured servers, as far as the catalog asks. */
export interface KnownServers {
  get(name: ServerName): ServerConfig | undefined
}

export interface CatalogRequest {
  readonly method: ExchangeMethod
  readonly target: string
  readonly view?: ServerName
  readonly client: Pick<Client, 'name'>
  readonly session: Session
  readonly extra?: JsonObject
}

/** Who is shown a list. */
export interface Viewer extends Looker {
  /** Only this server's entries, under their own names. */
  readonly view?: ServerName
  readonly only?: Narrowed | undefined
}

/** Reads definitions as a model would. */
export interface EntryReader {
  describe(kind: EntryKind, definition: JsonObject): readonly Finding[]
  /** What it says of tools of other servers. */
  steers(definition: JsonObject, others: ReadonlySet<string>): readonly Finding[]
}

const mostChecks = 5000
const readsNothing: EntryReader = { describe: () => [], steers: () => [] }

export class Catalog {
  #records: PinRecord[]
  #index: CatalogIndex
  readonly #checks = new Map<string, Check>()
  readonly #read = new Map<Sha256, readonly Finding[]>()
  readonly #compiler = new SchemaCompiler()
  readonly #listings: Listings
  readonly #shown: ShownKinds
  #warned: { readonly index: CatalogIndex; readonly all: readonly CatalogWarning[] } | undefined

  constructor(
    private readonly pins: PinStore,
    private readonly servers: KnownServers,
    readonly views: Views,
    /** Something a server offers is another; `kinds` are the lists of clients that may be. */
    private readonly onListChanged: (server: ServerName, kinds: readonly ListedKind[]) => void = () => {},
    private readonly now: () => number = Date.now,
    private readonly reader: EntryReader = readsNothing,
  ) {
    this.#records = pins.all()
    this.#index = new CatalogIndex(this.#records)
    this.#listings = new Listings((name) => servers.get(name))
    this.#listings.changed(this.#index)
    this.#shown = new ShownKinds((name) => servers.get(name))
    this.#shown.changed(this.#index.entries)
  }

  /** What this client does not see is unknown to it. @throws catalog.unknown, catalog.quarantined, server.disabled */
  resolve(request: CatalogRequest): { readonly server: ServerConfig; readonly entry: CatalogEntry } {
    const lens = this.views.lens({ workspace: request.session.workspace, client: request.client.name })
    const entry = this.#find(request, lens)
    if (entry === undefined || !lens.sees(entry)) throw entryUnknown(request.target)
    const server = entry.server === ownServer.name ? ownServer : this.servers.get(entry.server)
    if (server === undefined || !sharesWorkspace(server, request.session.workspace)) throw entryUnknown(request.target)
    if (!server.enabled) throw serverDisabled(server.name, server.disabledReason ?? '')
    if (entry.quarantine !== undefined) throw entryQuarantined(request.target)
    return { server, entry }
  }

  /** Whether it is something of another workspace, by its name, its address or its server's name. */
  isForeign({ target, view, session }: Pick<CatalogRequest, 'target' | 'view' | 'session'>): boolean {
    const names = [view, ownUriOf(target)?.server, /^([a-z0-9-]{1,24})__/.exec(target)?.[1]]
    const owners = new Set([...names, this.#ownerOf(target)].filter((name) => name !== undefined))
    return [...owners].some((name) => {
      const server = this.servers.get(name as ServerName)
      return server !== undefined && !sharesWorkspace(server, session.workspace)
    })
  }

  #ownerOf = (target: string): ServerName | undefined =>
    this.#index.find('resource', target)?.server ?? this.#index.templatesFor(target)[0]?.server

  /** Checks arguments against the entry's schema. @returns the first problem, or undefined */
  check(entry: CatalogEntry, value: JsonObject): string | undefined {
    if (entry.kind === 'prompt') return textsOnly(value)
    if (entry.kind !== 'tool') return undefined
    const check = this.#checkOf(entry)
    const problem = check(value)
    const given = problem === undefined ? value : withoutOptionalNulls(entry.definition.inputSchema, value)
    return given === value ? problem : check(given)
  }

  /** Definitions as this viewer sees them: the same array until something changes. */
  listFor = (kind: EntryKind, viewer: Viewer): readonly JsonObject[] => this.listing(viewer).list(kind)

  listing(viewer: Viewer): Listing {
    const { workspace, view, only } = viewer
    const lens = this.views.lens(viewer)
    const narrower = { ...(view === undefined ? {} : { view }), ...(only === undefined ? {} : { only }) }
    return this.#listings.for(this.#index, { lens, workspace, ...narrower })
  }

  /** A server's configuration may be another: switched off, it offers nothing. */
  serverChanged(server: ServerName): void {
    if (this.#listings.changed(this.#index)) this.#tell(server)
  }

  setView(holder: ViewHolder, name: string, view: CatalogView): ShownView {
    const before = this.views.of(holder, name)
    const shown = this.views.set(holder, name, view)
    const [seen, sees] = [lensOf([before]), lensOf([view])]
    const others = this.#index.entries.filter((entry) => seen.sees(entry) !== sees.sees(entry))
    const kinds = new Set(others.map(({ kind }) => listedAs(kind)))
    if (before.mode !== view.mode) kinds.add('tool')
    this.onListChanged(
      ownServer.name,
      listedKinds.filter((kind) => kinds.has(kind)),
    )
    return shown
  }

  /** Who searches tools where nobody chose may be another. */
  searchersChanged(): void {
    this.onListChanged(ownServer.name, ['tool'])
  }

  /** What could be mistaken for something else; of one server or of all. Held-back entries count too. */
  warnings(server?: ServerName): readonly CatalogWarning[] {
    if (this.#warned?.index !== this.#index)
      this.#warned = { index: this.#index, all: findWarnings(this.#index.entries) }
    const { all } = this.#warned
    return server === undefined ? all : all.filter((warning) => warning.server === server)
  }

  /** All entries, held-back ones included; of one server or of all. */
  entries = (server?: ServerName): readonly CatalogEntry[] =>
    server === undefined ? this.#index.entries : this.#index.of(server)

  /**
   * What a server offers now.
   * @param complete false when it is what one session's process offers, which may be less than everything
   */
  offer(server: ServerName, listing: { readonly entries: readonly Offered[] }, accept: boolean, complete = true): void {
    const others = toolsOfOthers(this.#index.entries, server)
    const holds = ({ kind, definition }: Offered) => this.#reads(kind, definition, others).some(isGrave)
    const merged = mergeListing(server, listing.entries, this.#records, { accept, complete, holds, now: this.now() })
    const before = new Map(this.#of(server).map((record) => [`${record.kind}\n${record.ownName}`, record]))
    const changed = merged.filter((record) => !same(before.get(`${record.kind}\n${record.ownName}`), record))
    if (changed.length === 0) return
    this.#replace(server, merged, changed)
  }

  /** What was found in what a server says of its entries, the gravest first. */
  findings(server: ServerName): readonly (Finding & { readonly entry: EntryName })[] {
    const others = toolsOfOthers(this.#index.entries, server)
    return byWeight(
      this.#index
        .of(server)
        .flatMap(({ kind, definition, name }) =>
          this.#reads(kind, definition, others).map((finding) => ({ entry: name, ...finding })),
        ),
    )
  }

  /** The entry is still what the person accepted. @throws catalog.quarantined, catalog.unknown */
  confirm(entry: CatalogEntry): void {
    if (entry.server === ownServer.name) return
    const present = this.#index.find(entry.kind, entry.name) ?? this.#templateOf(entry)
    if (present === undefined) throw entryUnknown(entry.name)
    if (present.pin !== entry.pin || present.quarantine !== undefined) throw entryQuarantined(entry.name)
  }

  /** New, changed and vanished entries of a server, with both versions. */
  review(server: ServerName): PinChange[] {
    const others = toolsOfOthers(this.#index.entries, server)
    return this.#of(server).flatMap((record) => {
      const { offered } = record
      const findings = offered ? this.#reads(record.kind, offered.definition, others) : []
      return changeOf(record).map((change) => (findings.length > 0 ? { ...change, findings } : change))
    })
  }

  /**
   * Accepts exactly these pins; one that changed again meanwhile stays held back. Vanished entries are let go.
   * @returns how many were accepted
   */
  accept(server: ServerName, pins: readonly { readonly name: EntryName; readonly pin: Sha256 }[]): number {
    const wanted = new Set(pins.map(({ name, pin }) => `${name}\n${pin}`))
    const accepted = this.#of(server)
      .filter(({ offered, stableName }) => offered && wanted.has(`${stableName}\n${offered.pin}`))
      .map((record) => ({ ...record, ...(record.offered ? { accepted: record.offered } : {}) }))
    const settled = new Set(accepted.map((record) => `${record.kind}\n${record.ownName}`))
    const rest = this.#of(server).filter((record) => !settled.has(`${record.kind}\n${record.ownName}`))
    const gone = rest.filter((record) => record.offered === undefined)
    const kept = rest.filter((record) => record.offered !== undefined)
    this.#replace(server, [...accepted, ...kept], accepted, gone)
    return accepted.length
  }

  forget(server: ServerName): void {
    this.pins.forget(server)
    this.#records = this.#records.filter((record) => record.server !== server)
    this.#rebuild(server)
  }

  counts(server: ServerName): { readonly tools: number; readonly quarantined: number; readonly warningCount: number } {
    const entries = this.#index.of(server)
    return {
      tools: entries.filter((entry) => entry.kind === 'tool' && entry.quarantine === undefined).length,
      quarantined: entries.filter((entry) => entry.quarantine !== undefined).length,
      warningCount: this.warnings(server).length,
    }
  }

  summary(server: ServerName) {
    return this.#index.of(server).map((entry) => ({
      kind: entry.kind,
      name: entry.name,
      title: titleOf(entry.definition, entry.ownName),
      description: descriptionOf(entry.definition),
      ...(entry.quarantine === undefined ? {} : { quarantine: entry.quarantine }),
    }))
  }

  #find({ method, target, view, session, extra }: CatalogRequest, lens: Lens): CatalogEntry | undefined {
    switch (method) {
      case 'tools/call':
        return this.#index.find('tool', target, view)
      case 'prompts/get':
        return this.#index.find('prompt', target, view)
      case 'completion/complete':
        return refType(extra) === 'ref/resource'
          ? this.#index.find('resource-template', target, view)
          : (this.#index.find('prompt', target, view) ?? this.#index.find('resource-template', target, view))
      default:
        return this.#resource(target, lens, session.workspace, view)
    }
  }

  /** Listed by somebody, or made from the template of exactly one server this client sees. */
  #resource(target: string, lens: Lens, workspace: WorkspaceName, view?: ServerName): CatalogEntry | undefined {
    const listed = this.#index.find('resource', target, view)
    if (listed !== undefined) return listed
    const claimed = view === undefined ? ownUriOf(target) : undefined
    const uri = claimed?.uri ?? target
    const of = claimed?.server ?? view
    const offered = this.#index.templatesFor(uri).filter((entry) => {
      const server = this.servers.get(entry.server)
      return (
        server?.enabled && server.workspace === workspace && (of ?? entry.server) === entry.server && lens.sees(entry)
      )
    })
    const accepted = offered.filter((entry) => entry.quarantine === undefined)
    const usable = accepted.length > 0 ? accepted : offered // nobody's address is taken by what nobody accepted
    const owners = new Set(usable.map((entry) => entry.server))
    const template = usable[0]
    if (template === undefined || owners.size !== 1) return undefined
    return { ...template, kind: 'resource-template', name: target as EntryName, ownName: uri }
  }

  /** An entry made from a template stands for a template of its server with the same pin. */
  #templateOf(entry: CatalogEntry): CatalogEntry | undefined {
    return this.#index.of(entry.server).find(({ kind, pin }) => kind === 'resource-template' && pin === entry.pin)
  }

  #checkOf(entry: CatalogEntry): Check {
    const present = this.#checks.get(entry.pin)
    if (present) return present
    const check = this.#compiler.compile(entry.definition.inputSchema)
    if (this.#checks.size >= mostChecks) this.#checks.clear()
    this.#checks.set(entry.pin, check)
    return check
  }

  #reads(kind: EntryKind, definition: JsonObject, others: ReadonlySet<string>): readonly Finding[] {
    const pin = pinOf(kind, definition)
    const read = this.#read.get(pin) ?? this.reader.describe(kind, definition)
    if (this.#read.size >= mostChecks) this.#read.clear()
    this.#read.set(pin, read)
    return [...read, ...this.reader.steers(definition, others)]
  }

  #of = (server: ServerName): PinRecord[] => this.#records.filter((record) => record.server === server)

  #replace(server: ServerName, records: readonly PinRecord[], changed: readonly PinRecord[], gone: PinRecord[] = []) {
    const dead = records.filter((record) => !record.accepted && !record.offered)
    this.pins.save(
      changed.filter((record) => !dead.includes(record)),
      [...gone, ...dead],
    )
    const others = this.#records.filter((record) => record.server !== server)
    this.#records = [...others, ...records.filter((record) => !dead.includes(record))]
    this.#rebuild(server)
  }

  #rebuild(server: ServerName): void {
    this.#index = new CatalogIndex(this.#records)
    this.#listings.changed(this.#index)
    this.#tell(server)
  }

  #tell(server: ServerName): void {
    this.onListChanged(server, this.#shown.changed(this.#index.entries))
  }
}

const sharesWorkspace = (server: ServerConfig, workspace: WorkspaceName) =>
  server === ownServer || server.workspace === workspace

const same = (a: PinRecord | undefined, b: PinRecord) =>
  a !== undefined &&
  a.accepted?.pin === b.accepted?.pin &&
  a.offered?.pin === b.offered?.pin &&
  a.position === b.position &&
  a.stableName === b.stableName

function refType(extra: JsonObject | undefined): Json | undefined {
  const ref = extra?.ref
  return typeof ref === 'object' && ref !== null && !Array.isArray(ref) ? (ref as JsonObject).type : undefined
}

/** A prompt's arguments are texts; a completion's own members are objects of texts. */
function textsOnly(value: JsonObject): string | undefined {
  for (const [name, member] of Object.entries(value)) {
    if (typeof member === 'string') continue
    const nested = (name === 'argument' || name === 'context') && typeof member === 'object' && member !== null
    if (!nested) return `${name.slice(0, 100)}: a text is needed`
  }
  return undefined
}

function changeOf(record: PinRecord): PinChange[] {
  const { accepted, offered } = record
  if (accepted?.pin === offered?.pin) return []
  const status = offered === undefined ? 'removed' : accepted === undefined ? 'new' : 'changed'
  return [
    {
      kind: record.kind,
      name: record.stableName as EntryName,
      status,
      ...(accepted ? { before: shownText(record, accepted) } : {}),
      ...(offered ? { after: shownText(record, offered), pin: offered.pin } : {}),
    },
  ]
}

const shownText = ({ kind }: PinRecord, { definition }: Version): string =>
  kind === 'instructions' ? descriptionOf(definition) : JSON.stringify(definition, null, 2)
