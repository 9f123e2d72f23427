import { existsSync, realpathSync } from 'node:fs'
import type { z } from 'zod'
import type {
  ServerDetail,
  ServerDraft,
  serverChange,
  serverPlan,
  serverSummary,
} from '../../shared/contract/servers.ts'
import { defaultWorkspace, type EpochMs, type ServerName, type WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { RunningSettings } from '../../shared/domain/running.ts'
import { secretsNamedIn } from '../../shared/domain/secret-reference.ts'
import type { AllowedPath, ServerConfig } from '../../shared/domain/server.ts'
import { cellFailed, GatehouseError, inputInvalid, serverDisabled, serverExists } from '../../shared/errors.ts'
import { mistakenFor } from '../cells/analysis/squatting.ts'
import type { Cells } from '../cells/cells.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import { commandLine, type LaunchParts, readableOf } from './launch.ts'
import { originOf } from './origin.ts'
import { parsePackageCommand } from './packages/package-command.ts'
import { planOf } from './plan.ts'
import type { CatalogFeed } from './ports.ts'
import { mayGo, nothingRunsHere } from './remote/remote-plan.ts'
import type { ServerStore } from './server-store.ts'
import type { Supervisor } from './supervisor.ts'

type Summary = z.output<typeof serverSummary>
type Change = Partial<Omit<z.output<typeof serverChange>, 'name'>> & { readonly workspace?: WorkspaceName }

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
  readonly now?: () => number
}

/** What says what a process may do; a remote server stays at sandbox 0, whatever is set. */
const ofProcesses = ['sandbox', 'allowedPaths', 'allowedHosts', 'env'] as const

/** What a remote server may wait for after it was added. */
const waits: ReadonlySet<string> = new Set(['secrets.missing', 'server.sign-in-needed', 'server.scope-needed'])

/** What a person does with servers: look, add, change, switch, remove. Whether they may was decided before. */
export class ServerAdministration {
  readonly #installing = new Set<ServerName>()

  constructor(private readonly parts: AdministrationParts) {}

  list = (): Summary[] => this.parts.store.list().map((server) => this.summary(server))

  summary(server: ServerConfig): Summary {
    const hosted = this.parts.supervisor.hosted(server.name)
    const problem = server.disabledReason ?? hosted.problem
    const signIn = this.parts.signInOf?.(server)
    const cell = this.parts.cellOf?.(server)
    return {
      name: server.name,
      workspace: server.workspace,
      state: this.#installing.has(server.name) ? 'installing' : hosted.state,
      sandbox: server.sandbox,
      command: commandLine(server),
      origin: server.origin.kind,
      trusted: server.trusted,
      ...this.parts.catalog.counts(server.name),
      ...(problem === undefined ? {} : { problem }),
      ...(signIn === undefined ? {} : { signIn }),
      ...(cell === undefined ? {} : { cell }),
    }
  }

  /** Tells whoever watches how a server stands now. */
  announce(name: ServerName): void {
    const server = this.parts.store.get(name)
    if (server !== undefined) this.parts.onChange(this.summary(server))
  }

  /** @throws server.unknown */
  async inspect(name: ServerName): Promise<ServerDetail> {
    const server = this.parts.store.need(name)
    const hosted = this.parts.supervisor.hosted(name)
    const sandbox = await this.parts.sandbox.status()
    return {
      ...this.summary(server),
      allowedPaths: [...server.allowedPaths],
      allowedHosts: [...server.allowedHosts],
      envNames: Object.keys(server.env).sort(),
      secretNames: [...server.secretNames],
      shared: server.shared,
      running: { ...(server.running as JsonObject | undefined) },
      ...this.#conditionOf(server.name),
      addedAt: server.addedAt,
      mayTouch: [...this.#mayTouch(server)],
      confinement: confinementOf(server, hosted.confinement?.describe, sandbox.kind),
      limits: server.origin.kind === 'remote' ? '' : await this.parts.sandbox.limitsInWords(server),
      pids: hosted.pids,
      ...(hosted.startedAt === undefined ? {} : { startedAt: hosted.startedAt as EpochMs }),
      ...this.parts.saysOf?.(name),
      entries: [...this.parts.catalog.summary(name)],
    }
  }

  /** Says what would run. Changes nothing, starts nothing. @throws input.invalid */
  async plan(draft: ServerDraft): Promise<z.output<typeof serverPlan>> {
    return this.planFor(this.#configFrom(draft))
  }

  async planFor(server: ServerConfig): Promise<z.output<typeof serverPlan>> {
    const sandbox = await this.parts.sandbox.status()
    const problem = sandbox.available ? undefined : `${sandbox.problem ?? ''} ${sandbox.remedy ?? ''}`.trim()
    const twin = this.#mistakenFor(server)
    const plan = planOf(server, this.#mayTouch(server), problem)
    if (twin === undefined) return plan
    const warning = `The package is called almost like “${twin.known}”, and is not it. Is this the one you mean?`
    return { ...plan, warnings: [warning, ...plan.warnings] }
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
    const twin = this.#mistakenFor(server)
    if (twin !== undefined && !draft.acceptFindings)
      throw cellFailed(draft.name, 'analysis', 'analysis.squatting', { package: twin.name, known: twin.known })
    this.parts.store.add(server)
    try {
      await this.#install(server, draft, signal)
      await this.#registered(server.name, draft.acceptPins, draft.acceptFindings)
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
      await this.#registered(server.name, accept)
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
      await this.#registered(server.name, accepts.acceptPins, accepts.acceptFindings)
    } catch (error) {
      if (!(error instanceof GatehouseError && waits.has(error.code))) {
        await this.remove(server.name)
        throw error
      }
    }
    this.announce(server.name)
    return this.inspect(server.name)
  }

  /** Adds one of Gatehouse's own servers, accepted as it comes with the app. Not started until needed but once, to list it. */
  async addBundled(server: ServerConfig): Promise<void> {
    this.parts.store.add(server)
    await this.#registered(server.name, true)
    this.announce(server.name)
  }

  /** Takes effect at the next call: running processes end. @throws server.unknown, input.invalid */
  async set(name: ServerName, change: Change): Promise<ServerDetail> {
    const { origin } = this.parts.store.need(name)
    if (origin.kind === 'remote' && ofProcesses.some((setting) => change[setting] !== undefined))
      throw inputInvalid('Nothing of a remote server runs here: it has no sandbox, folders, hosts or environment.')
    const { allowedPaths, running, ...rest } = change
    if (change.env) knowing(change.env, change.secretNames ?? this.parts.store.need(name).secretNames)
    const paths = allowedPaths === undefined ? {} : { allowedPaths: realPaths(allowedPaths) }
    const run = running === undefined ? {} : { running: this.#runningWith(name, running) }
    this.parts.store.set(name, { ...defined(rest), ...paths, ...run })
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
    await this.parts.supervisor.restart(name)
    const server = this.parts.store.need(name)
    if (server.enabled && this.parts.cells?.stateOf(server).status === 'pending') await this.#registered(name, false)
    else if (server.enabled) await this.parts.supervisor.list(name, false)
    this.announce(name)
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
    await this.#registered(name, false, true, checksum)
    this.announce(name)
    return this.inspect(name)
  }

  /** Starts it once and lists it, as one of the steps by which a cell is registered. */
  async #registered(name: ServerName, accept: boolean, acceptFindings = false, checksum?: string): Promise<void> {
    const tryOut = () => this.parts.supervisor.list(name, accept)
    const options = { acceptFindings, ...(checksum === undefined ? {} : { checksum }) }
    await (this.parts.cells?.register(name, tryOut, options) ?? tryOut())
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

  /** Another package this one could be mistaken for. */
  #mistakenFor({ origin }: ServerConfig): { readonly name: string; readonly known: string } | undefined {
    const name = packageName(origin)
    const own = this.parts.store.list().flatMap((server) => packageName(server.origin) ?? [])
    const known = name === undefined ? undefined : mistakenFor(name, own)
    return name === undefined || known === undefined ? undefined : { name, known }
  }

  #conditionOf(name: ServerName) {
    const { supervisor } = this.parts
    const usage = supervisor.upkeep.governor.usage(name)
    return {
      ...(usage === undefined ? {} : { usage }),
      breaker: supervisor.hosted(name).breaker.state,
      throttled: supervisor.upkeep.governor.isThrottled(name),
    }
  }

  /** @throws input.invalid when a server is to stand in for itself, or one that does not exist */
  #runningWith(name: ServerName, change: NonNullable<Change['running']>): RunningSettings {
    for (const other of change.fallback ?? [])
      if (other === name || this.parts.store.get(other) === undefined)
        throw inputInvalid(`“${other}” cannot stand in for “${name}”: name another server that you added.`)
    return settled({ ...this.parts.store.need(name).running, ...defined(change) })
  }

  #mayTouch(server: ServerConfig): readonly string[] {
    if (server.origin.kind === 'remote') return mayGo(server.origin)
    return this.parts.sandbox.mayTouch(server, readableOf(server, this.parts.launch))
  }

  #configFrom = (draft: ServerDraft): ServerConfig => this.configOf(draft, originOf(draft.command, draft.args))

  /** @throws input.invalid */
  configOf(draft: Omit<ServerDraft, 'command' | 'args'>, origin: ServerConfig['origin']): ServerConfig {
    return {
      name: draft.name,
      workspace: draft.workspace ?? defaultWorkspace,
      origin,
      sandbox: draft.sandbox ?? 2,
      allowedPaths: realPaths(draft.allowedPaths ?? []),
      allowedHosts: draft.allowedHosts ?? [],
      env: knowing(draft.env ?? {}, draft.secretNames ?? []),
      secretNames: draft.secretNames ?? [],
      trusted: draft.trusted ?? false,
      shared: draft.shared ?? false,
      ...(draft.running ? { running: settled(draft.running) } : {}),
      enabled: true,
      addedAt: (this.parts.now ?? Date.now)() as EpochMs,
    }
  }
}

const packageName = (origin: ServerConfig['origin']): string | undefined =>
  origin.kind === 'package' ? /^(?:@[^/]+\/)?[^@=<>~![]+/.exec(origin.spec)?.[0] : undefined

const isRefusal = (error: unknown) =>
  error instanceof GatehouseError && (error.code === 'cell.failed' || error.code === 'cell.grave')

function confinementOf(server: ServerConfig, described: string | undefined, sandboxKind: string): string {
  if (server.origin.kind === 'remote') return nothingRunsHere
  return described ?? (server.sandbox === 0 ? 'none' : sandboxKind)
}

/** @throws input.invalid for a value with a secret that the server does not have */
function knowing(env: ServerConfig['env'], secretNames: readonly string[]): ServerConfig['env'] {
  for (const [variable, value] of Object.entries(env)) {
    const unknown = secretsNamedIn(value).find((name) => !secretNames.includes(name))
    if (unknown !== undefined)
      throw inputInvalid(
        `${variable} refers to the secret “${unknown}”, which this server does not have. Name it as one of its secrets.`,
      )
  }
  return env
}

function realPaths(paths: readonly AllowedPath[]): AllowedPath[] {
  return paths.map(({ path, access }) => {
    if (!existsSync(path)) throw inputInvalid(`The folder “${path}” does not exist.`)
    return { path: realpathSync(path), access }
  })
}

/** Without those that go back to their default. */
const settled = (running: object): RunningSettings =>
  Object.fromEntries(Object.entries(running).filter(([, value]) => value !== undefined && value !== null))

/** Without the members that are undefined, which a partial change may carry. */
function defined<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
