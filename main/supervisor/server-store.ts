import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { defaultWorkspace, type EpochMs, type ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { serverDisabled, serverExists, serverUnknown } from '../../shared/errors.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

/** How a connection speaks: up to 2025-11-25 (`legacy`), or 2026-07-28 and later (`modern`). */
export type Era = 'legacy' | 'modern'
/** What a server is known to speak; `modern` where nobody tried yet whether it speaks the older way too. */
export type KnownEra = Era | 'modern only' | 'both'

interface ServerRow {
  readonly name: string
  readonly config: string
  readonly seal: string
  readonly era: string | null
  readonly era_seen_at: number | null
}

const table = 'server'
const editedOutside = 'Its record was changed outside Gatehouse. Remove it and add it again.'
const knownEras: ReadonlySet<string | null> = new Set<KnownEra>(['legacy', 'modern', 'modern only', 'both'])
/** What a server could not speak it is asked again after a week: it may have been updated. */
const eraKeptMs = 7 * 24 * 3_600_000

/**
 * What the person configured, kept sealed (DESIGN section 2, "Two attackers") and held in memory for the hot path.
 * A row that fails its seal counts as switched off, can't be switched on, and is reported.
 */
export class ServerStore {
  readonly #configs = new Map<ServerName, ServerConfig>()
  readonly #eras = new Map<ServerName, { era: KnownEra; seenAt: number }>()
  readonly #broken = new Set<ServerName>()
  #distrusted: string | undefined
  readonly #write: Statement<[string, string, string]>
  readonly #delete: Statement<[string]>
  readonly #setEra: Statement<[string | null, number | null, string]>

  constructor(
    db: Database,
    private readonly seal: RowSeal,
    private readonly now: () => number = Date.now,
  ) {
    this.#write = db.prepare(
      'INSERT INTO server (name, config, seal) VALUES (?, ?, ?) ON CONFLICT (name) DO UPDATE SET config = excluded.config, seal = excluded.seal',
    )
    this.#delete = db.prepare('DELETE FROM server WHERE name = ?')
    this.#setEra = db.prepare('UPDATE server SET era = ?, era_seen_at = ? WHERE name = ?')
    const rows = db.prepare<[], ServerRow>('SELECT * FROM server ORDER BY name').all()
    for (const row of rows) this.#load(row)
  }

  /** Sorted by name. */
  list = (): ServerConfig[] => [...this.#configs.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  get = (name: ServerName): ServerConfig | undefined => this.#configs.get(name)
  /** Servers whose record fails its seal. */
  broken = (): ServerName[] => [...this.#broken]

  /** @throws server.unknown */
  need(name: ServerName): ServerConfig {
    const config = this.#configs.get(name)
    if (config === undefined) throw serverUnknown(name)
    return config
  }

  /** @throws server.exists */
  add(config: ServerConfig): void {
    if (this.#configs.has(config.name)) throw serverExists(config.name)
    this.#save(config)
  }

  /** None is believed: the list itself is not the one that was left. */
  distrust(reason: string): void {
    this.#distrusted = reason
    for (const [name, config] of this.#configs)
      this.#configs.set(name, { ...config, enabled: false, disabledReason: reason })
  }

  /** @throws server.unknown; server.disabled when the record fails its seal */
  set(name: ServerName, change: Partial<Omit<ServerConfig, 'name'>>): ServerConfig {
    const config = { ...this.need(name), ...change }
    this.#assertGenuine(name)
    this.#save(config)
    return config
  }

  enable(name: ServerName): ServerConfig {
    const { disabledReason: _, ...config } = this.need(name)
    this.#assertGenuine(name)
    const enabled = { ...config, enabled: true }
    this.#save(enabled)
    return enabled
  }

  /** @param reason why, when something other than the person turned it off */
  disable(name: ServerName, reason?: string): ServerConfig {
    const { disabledReason: _, ...config } = this.need(name)
    const disabled = { ...config, enabled: false, ...(reason === undefined ? {} : { disabledReason: reason }) }
    if (!this.#broken.has(name) && this.#distrusted === undefined) this.#save(disabled)
    return disabled
  }

  /** @throws server.unknown */
  remove(name: ServerName): void {
    this.need(name)
    this.#delete.run(name)
    this.#configs.delete(name)
    this.#eras.delete(name)
    this.#broken.delete(name)
  }

  /** What it spoke last; undefined when unknown or too old to rely on. */
  era(name: ServerName): KnownEra | undefined {
    const known = this.#eras.get(name)
    if (known === undefined || known.era === 'modern' || known.era === 'both') return known?.era
    if (this.now() - known.seenAt <= eraKeptMs) return known.era
    return known.era === 'legacy' ? undefined : 'modern'
  }

  rememberEra(name: ServerName, era: KnownEra): void {
    if (this.era(name) === era) return
    const seenAt = this.now()
    this.#eras.set(name, { era, seenAt })
    this.#setEra.run(era, seenAt, name)
  }

  #assertGenuine(name: ServerName): void {
    if (this.#distrusted !== undefined) throw serverDisabled(name, this.#distrusted)
    if (this.#broken.has(name)) throw serverDisabled(name, editedOutside)
  }

  /** It is another server from now on: what it speaks is found out again. */
  forgetEra(name: ServerName): void {
    this.#eras.delete(name)
    this.#setEra.run(null, null, name)
  }

  #save(config: ServerConfig): void {
    const text = canonicalJson(config as unknown as JsonObject)
    this.#write.run(config.name, text, this.seal.seal(table, { name: config.name, config: text }))
    this.#configs.set(config.name, config)
  }

  #load(row: ServerRow): void {
    const name = row.name as ServerName
    if (this.seal.holds(table, { name, config: row.config }, row.seal)) {
      this.#configs.set(name, JSON.parse(row.config) as ServerConfig)
    } else {
      this.#broken.add(name)
      this.#configs.set(name, brokenConfig(name))
    }
    if (knownEras.has(row.era)) this.#eras.set(name, { era: row.era as KnownEra, seenAt: row.era_seen_at ?? 0 })
  }
}

/** Nothing of an unsealed row is believed, not even what it would run. */
function brokenConfig(name: ServerName): ServerConfig {
  return {
    name,
    workspace: defaultWorkspace,
    origin: { kind: 'command', command: '', args: [] },
    sandbox: 3,
    allowedPaths: [],
    allowedHosts: [],
    env: {},
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: false,
    addedAt: 0 as EpochMs,
    disabledReason: editedOutside,
  }
}
