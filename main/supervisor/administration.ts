import type { z } from 'zod'
import type { ServerDetail, ServerDraft, serverPlan } from '../../shared/contract/servers.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { cellFailed, GatehouseError, serverDisabled, serverExists } from '../../shared/errors.ts'
import type { Language } from '../../shared/messages/messages.ts'
import type { Cells } from '../cells/cells.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { LaunchParts } from './launch.ts'
import { originOf } from './origin.ts'
import { parsePackageCommand } from './packages/package-command.ts'
import type { CatalogFeed } from './ports.ts'
import { isRefusal, Registering } from './registering.ts'
import { type Change, configChange, configOf } from './server-draft.ts'
import type { ServerStore } from './server-store.ts'
import { ServerView, type Summary } from './server-view.ts'
import type { Supervisor } from './supervisor.ts'

export interface AdministrationParts {
  readonly store: ServerStore
  readonly supervisor: Supervisor
  readonly catalog: CatalogFeed
  readonly sandbox: Sandbox
  readonly launch: LaunchParts
  readonly onChange: (summary: Summary) => void
  readonly onRemoved: (name: ServerName) => void
  /** How the person’s sign-in to a remote server stands; undefined where there is none. */
  readonly signInOf?: (server: ServerConfig) => Summary['signIn']
  /** What could be mistaken, and what the analysis found, in what a server says of itself. */
  readonly cells?: Pick<Cells, 'register' | 'rewrite' | 'stateOf' | 'get' | 'forget'>
  /** How its cell stands, for the window. */
  readonly cellOf?: (server: ServerConfig) => Summary['cell']
  readonly saysOf?: (server: ServerName) => Partial<Pick<ServerDetail, 'warnings' | 'findings' | 'registration'>>
  /** The person’s. */
  readonly language?: () => Language
  readonly now?: () => number
}

/** What a remote server may wait for after it was added. */
const waits: ReadonlySet<string> = new Set(['secrets.missing', 'server.sign-in-needed', 'server.scope-needed'])

/** What a person does with servers: look, add, change, switch, remove. Whether they may was decided before. */
export class ServerAdministration {
  readonly #installing = new Set<ServerName>()
  readonly #registering: Registering
  readonly #view: ServerView

  constructor(private readonly parts: AdministrationParts) {
    this.#registering = new Registering(parts, (name) => this.announce(name))
    this.#view = new ServerView(parts, (name) => this.#installing.has(name), this.#registering.refusalOf)
  }

  list = (): Summary[] => this.#view.list()
  summary = (server: ServerConfig): Summary => this.#view.summary(server)
  /** @throws server.unknown */
  inspect = (name: ServerName): Promise<ServerDetail> => this.#view.inspect(name)
  planFor = (server: ServerConfig): Promise<z.output<typeof serverPlan>> => this.#view.planFor(server)

  /** Says what would run. Changes nothing, starts nothing. @throws input.invalid */
  plan = async (draft: ServerDraft): Promise<z.output<typeof serverPlan>> => this.planFor(this.#configFrom(draft))

  /** Tells whoever watches how a server stands now. */
  announce(name: ServerName): void {
    const server = this.parts.store.get(name)
    if (server !== undefined) this.parts.onChange(this.summary(server))
  }

  /**
   * Adds, installs, starts once and lists. A server that can't be used is not kept, unless it waits for its secrets.
   * @throws server.exists, server.failed, sandbox.unavailable, input.invalid
   */
  async add(
    draft: ServerDraft & { readonly acceptPins: boolean; readonly acceptFindings?: boolean | undefined },
    signal?: AbortSignal,
  ): Promise<ServerDetail> {
    if (this.parts.store.get(draft.name) !== undefined) throw serverExists(draft.name)
    const server = this.#configFrom(draft)
    const twin = this.#view.mistakenFor(server)
    if (twin !== undefined && !draft.acceptFindings)
      throw cellFailed(draft.name, 'analysis', 'analysis.squatting', { package: twin.name, known: twin.known })
    this.parts.store.add(server)
    try {
      await this.#install(server, draft, signal)
      await this.#registering.register(server.name, { pins: draft.acceptPins, findings: draft.acceptFindings })
    } catch (error) {
      if (server.secretNames.length === 0 || isRefusal(error)) {
        await this.remove(server.name)
        throw error
      }
    }
    this.announce(server.name)
    return this.inspect(server.name)
  }

  /**
   * Adds a server of another computer, connects once and lists. One that can't be used is not kept, unless it waits for
   * its secrets.
   * @param keepSecrets keeps what its headers need, once it is known
   * @throws server.exists, server.failed
   */
  async addRemote(server: ServerConfig, accept: boolean, keepSecrets: () => Promise<void>): Promise<ServerDetail> {
    this.parts.store.add(server)
    try {
      await keepSecrets()
      await this.#registering.register(server.name, { pins: accept })
    } catch (error) {
      if (!(error instanceof GatehouseError && waits.has(error.code))) {
        await this.remove(server.name)
        throw error
      }
    }
    this.announce(server.name)
    return this.inspect(server.name)
  }

  /**
   * Leads a remote server elsewhere, or changes what is sent along. One that does not answer there is kept, with its problem.
   * @param keepSecrets keeps what new headers need, before it is connected to
   */
  async setRemote(name: ServerName, change: Partial<ServerConfig>, keepSecrets: () => Promise<void>) {
    this.parts.store.set(name, change)
    this.parts.store.forgetEra(name)
    await keepSecrets()
    await this.restart(name).catch(() => {}) // its problem shows on its card
    this.announce(name)
    return this.inspect(name)
  }

  /**
   * Adds a server whose files are put in place first. One that can't be used is not kept, unless it waits for its secrets.
   * @param put unpacks it and keeps its secrets
   * @throws server.exists, server.failed, cell.failed, cell.grave
   */
  async addPrepared(
    server: ServerConfig,
    accepts: { readonly acceptPins: boolean; readonly acceptFindings?: boolean | undefined },
    put: () => Promise<void>,
  ): Promise<ServerDetail> {
    this.parts.store.add(server)
    try {
      await put()
      await this.#registering.register(server.name, { pins: accepts.acceptPins, findings: accepts.acceptFindings })
    } catch (error) {
      if (!(error instanceof GatehouseError && waits.has(error.code))) {
        await this.remove(server.name)
        throw error
      }
    }
    this.announce(server.name)
    return this.inspect(server.name)
  }

  /**
   * Adds one of Gatehouse's own servers, accepted as it comes with the app. Not started until needed but once, to list it.
   * @throws what listing throws; then it is not there
   */
  async addBundled(server: ServerConfig): Promise<void> {
    this.parts.store.add(server)
    try {
      await this.#registering.register(server.name, { pins: true })
    } catch (error) {
      await this.remove(server.name)
      throw error
    }
    this.announce(server.name)
  }

  /** Takes effect at the next call: running processes end. @throws server.unknown, input.invalid */
  async set(name: ServerName, change: Change): Promise<ServerDetail> {
    this.parts.store.set(name, configChange(this.parts.store, name, change, (this.parts.now ?? Date.now)()))
    this.parts.cells?.rewrite(name)
    await this.parts.supervisor.restart(name)
    this.announce(name)
    return this.inspect(name)
  }

  async remove(name: ServerName): Promise<void> {
    const { origin } = this.parts.store.need(name)
    await this.parts.supervisor.drop(name)
    if (origin.kind === 'package' || (origin.kind === 'command' && origin.bundle))
      await this.parts.launch.packages.remove(name)
    this.parts.store.remove(name)
    this.parts.catalog.forget(name)
    this.parts.cells?.forget(name)
    this.#registering.forget(name)
    this.parts.onRemoved(name)
  }

  async enable(name: ServerName): Promise<void> {
    this.parts.store.enable(name)
    await this.parts.supervisor.restart(name)
    this.announce(name)
  }

  async disable(name: ServerName): Promise<void> {
    this.parts.store.disable(name)
    await this.parts.supervisor.restart(name)
    this.announce(name)
  }

  /** Ends what runs and looks at it afresh. @throws server.failed */
  async restart(name: ServerName): Promise<void> {
    const registered = await this.endRunning(name)
    if (!registered && this.parts.store.need(name).enabled) await this.parts.supervisor.list(name, false)
    this.announce(name)
  }

  /**
   * Ends what runs; it starts again at the next call. A server that waited to be registered takes its steps now.
   * @returns whether it was registered by this, what it offers left to be reviewed
   * @throws cell.failed, server.failed, secrets.missing
   */
  endRunning = (name: ServerName): Promise<boolean> => this.#registering.endRunning(name)

  /**
   * A secret of it came, maybe the last it waited for, or the right one. What it waits for still, and why it is refused,
   * shows on its card: the secret is kept in any case.
   */
  async secretCame(name: ServerName): Promise<void> {
    try {
      await this.endRunning(name)
    } catch (error) {
      if (!(error instanceof GatehouseError)) throw error
    }
  }

  logs = (name: ServerName, lines: number): string[] => {
    this.parts.store.need(name)
    return this.parts.supervisor.logs(name, lines)
  }

  /**
   * Registers it anew after the person looked at what changed.
   * @param checksum of its code, as it was shown
   * @throws cell.failed, server.failed; server.disabled, whose reason says what switches it on
   */
  async reinstate(name: ServerName, checksum: string): Promise<ServerDetail> {
    const { enabled, disabledReason = '' } = this.parts.store.need(name)
    if (!enabled) throw serverDisabled(name, disabledReason)
    await this.parts.supervisor.restart(name)
    await this.#registering.register(name, { pins: false, findings: true, checksum })
    this.announce(name)
    return this.inspect(name)
  }

  async #install(server: ServerConfig, draft: ServerDraft, signal?: AbortSignal): Promise<void> {
    const { origin } = server
    if (origin.kind !== 'package') return
    this.#installing.add(server.name)
    this.announce(server.name)
    const { bin, python } = parsePackageCommand(draft.command, draft.args) ?? {}
    try {
      const { version, entry, integrity } = await this.parts.launch.packages.install({
        server: server.name,
        spec: origin.spec,
        ...(bin === undefined ? {} : { bin }),
        ...(python === undefined ? {} : { python }),
        ...(signal === undefined ? {} : { signal }),
      })
      this.parts.store.set(server.name, { origin: { ...origin, installed: { version, entry, integrity } } })
    } finally {
      this.#installing.delete(server.name)
    }
  }

  #configFrom = (draft: ServerDraft): ServerConfig => this.configOf(draft, originOf(draft.command, draft.args))

  /** @throws input.invalid */
  configOf = (draft: Omit<ServerDraft, 'command' | 'args'>, origin: ServerConfig['origin']): ServerConfig =>
    configOf(draft, origin, (this.parts.now ?? Date.now)())
}
