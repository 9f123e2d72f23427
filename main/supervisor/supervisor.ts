/**
 * Starts, watches, repairs and stops servers, and carries calls to them. A process exists only while it is needed; one
 * failing server never disturbs another. Refuses to run anything the sandbox did not make the command line for, to
 * start a server that is switched off, and to decide anything: what arrives here was judged.
 */
import { join } from 'node:path'
import type { Reply } from '../../shared/domain/call.ts'
import type { ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { Authorize } from '../../shared/domain/remote.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import { callCancelled, deadlineExceeded, serverCrashed, serverFailed, serverUnknown } from '../../shared/errors.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { ServersPort } from '../kernel/ports.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'
import type { Introduction } from './handshake.ts'
import { HostedServer } from './hosted-server.ts'
import { callOwnTool, type OwnTools } from './hosts/own-host.ts'
import type { Warden } from './hosts/stdio-host.ts'
import { type LaunchParts, launchOf } from './launch.ts'
import { listServer } from './list-server.ts'
import type { LiveServer } from './live-server.ts'
import { LogFile } from './log-file.ts'
import { LogRing } from './log-ring.ts'
import { capableOfAll } from './own-look.ts'
import type { CatalogFeed, LeaseSecrets } from './ports.ts'
import { withoutBadHeaders } from './remote/mcp-headers.ts'
import { openRemote } from './remote/remote-host.ts'
import type { RemoteLimits } from './remote/remote-http.ts'
import { RemoteProblem, refusalIn, SessionForgotten } from './remote/remote-problem.ts'
import { defaultRestartLimits, type RestartLimits } from './restart-policy.ts'
import type { ServerStore } from './server-store.ts'
import { type Road, ServerGone } from './start-server.ts'
import type { ToClient } from './to-client.ts'
import { untilAborted } from './until-aborted.ts'

export interface SupervisorParts {
  readonly store: ServerStore
  readonly sandbox: Sandbox
  readonly warden: Warden
  readonly catalog: CatalogFeed
  readonly launch: LaunchParts
  readonly lease: LeaseSecrets
  /** Known secrets in a text become dots. */
  readonly redact: (text: string) => string
  /** How a right to a remote server is proved, where there is a way besides the headers of the person's own. */
  readonly authorize?: (server: ServerConfig) => Authorize | undefined
  readonly ownTools: OwnTools
  readonly clientInfo: Introduction
  /** Folder of one log file a server. */
  readonly logs: string
  /** Something about a server changed: its state, its problem, its entries. */
  readonly onChange: (server: ServerName) => void
  /** A server asks a client something while its call runs. Throws what refuses it. */
  readonly onAsked?: ToClient['asked']
  readonly limits?: Partial<SupervisorLimits>
}

export interface SupervisorLimits {
  readonly idleMs: number
  readonly probeMs: number
  readonly initializeMs: number
  readonly listMs: number
  readonly restart: RestartLimits
  readonly remote: Partial<RemoteLimits>
}

const defaultLimits: SupervisorLimits = {
  idleMs: 5 * 60_000,
  probeMs: 10_000,
  initializeMs: 30_000,
  listMs: 60_000,
  restart: defaultRestartLimits,
  remote: {},
}
const relistAfterMs = 200

export class Supervisor implements ServersPort {
  readonly #hosted = new Map<ServerName, HostedServer>()
  readonly #logs = new Map<ServerName, LogRing>()
  readonly #relists = new Map<ServerName, NodeJS.Timeout>()
  readonly #limits: SupervisorLimits
  readonly #sweep: NodeJS.Timeout
  #stopped = false

  constructor(private readonly parts: SupervisorParts) {
    this.#limits = { ...defaultLimits, ...parts.limits }
    this.#sweep = setInterval(() => this.stopIdle(), Math.min(30_000, Math.max(20, this.#limits.idleMs / 5)))
    this.#sweep.unref()
  }

  /** @throws server.disabled, server.failed, server.crashed, limits.deadline, call.cancelled */
  async dispatch(call: Equipped): Promise<Reply> {
    if (call.server.name === 'gatehouse') return callOwnTool(call, this.parts.ownTools)
    const hosted = this.hosted(call.server.name)
    try {
      return await this.#exchanged(hosted, call).catch((error) => {
        if (error instanceof SessionForgotten) return this.#exchanged(hosted, call)
        throw error
      })
    } catch (error) {
      throw this.#whyFailed(call, error)
    }
  }

  async #exchanged(hosted: HostedServer, call: Equipped): Promise<Reply> {
    const live = hosted.ready(call.session.id, call.peer) ?? (await this.#started(hosted, call))
    this.parts.catalog.confirm(call.entry)
    return live.exchange(call)
  }

  endSession(session: SessionId): void {
    for (const hosted of this.#hosted.values()) void hosted.endSession(session)
  }

  /** A notification of a client to the servers of its session: `notifications/roots/list_changed`. */
  notifySession(session: SessionId, method: string): void {
    for (const hosted of this.#hosted.values()) hosted.notifySession(session, method)
  }

  /** @throws server.unknown */
  hosted(name: ServerName): HostedServer {
    const present = this.#hosted.get(name)
    if (present) return present
    if (this.parts.store.get(name) === undefined) throw serverUnknown(name)
    const hosted = this.#host(name)
    this.#hosted.set(name, hosted)
    return hosted
  }

  /**
   * Starts the server once for itself, asks for everything it offers, and hands that to the catalog.
   * @param accept the person accepts what is found
   * @throws server.failed
   */
  async list(name: ServerName, accept: boolean): Promise<void> {
    const hosted = this.hosted(name)
    const secrets = await this.parts.lease(this.parts.store.need(name))
    const live = await hosted.start({ instance: 'listing', peer: capableOfAll, secrets })
    try {
      await this.#hand(name, live, accept, true)
    } finally {
      await hosted.stopInstance('listing')
    }
  }

  /** Ends its processes and forgives earlier failures; the next call starts it again. */
  async restart(name: ServerName): Promise<void> {
    const hosted = this.hosted(name)
    hosted.forgive()
    await hosted.stopAll()
  }

  /** Its processes end and nothing of it stays in memory. */
  async drop(name: ServerName): Promise<void> {
    clearTimeout(this.#relists.get(name))
    await this.#hosted.get(name)?.stopAll()
    this.#hosted.delete(name)
    this.#logs.delete(name)
  }

  /** The latest lines of its stderr, oldest first, without secrets. */
  logs(name: ServerName, lines: number): string[] {
    return this.#log(name).tail(lines).map(this.parts.redact)
  }

  stopIdle(): void {
    for (const hosted of this.#hosted.values()) hosted.stopIdle(performance.now(), this.#limits.idleMs)
  }

  /** Ends every process; resolves when all are gone. */
  async stopAll(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#sweep)
    for (const timer of this.#relists.values()) clearTimeout(timer)
    await Promise.all([...this.#hosted.values()].map((hosted) => hosted.stopAll()))
  }

  #started(hosted: HostedServer, call: Equipped): Promise<LiveServer> {
    if (this.#stopped) throw serverFailed(hosted.name, 'Gatehouse is stopping.')
    const start = hosted.start({ instance: call.session.id, peer: call.peer, secrets: call.secrets })
    return untilAborted(start, [call.signal, call.deadline])
  }

  #whyFailed(call: Equipped, error: unknown): unknown {
    const refused = refusalIn(error)
    if (refused !== undefined) return refused
    if (error instanceof ServerGone) {
      const hosted = this.#hosted.get(call.server.name)
      return serverCrashed(call.server.name, `${error.message}${hosted ? this.#lastWords(call.server.name) : ''}`)
    }
    if (call.deadline.aborted) return deadlineExceeded(call.entry.name, Math.round(call.deadlineMs / 1000))
    if (call.signal.aborted) return callCancelled(call.entry.name)
    if (error instanceof RemoteProblem) return serverFailed(call.server.name, error.message, error)
    return error
  }

  #host(name: ServerName): HostedServer {
    const { store } = this.parts
    return new HostedServer(name, {
      config: () => store.get(name) ?? { ...store.need(name) },
      confine: (instance, secrets) => this.#confine(store.need(name), instance, secrets),
      warden: this.parts.warden,
      clientInfo: this.parts.clientInfo,
      era: { known: () => store.era(name), remember: (era) => store.rememberEra(name, era) },
      log: this.#log(name),
      toClient: {
        redact: this.parts.redact,
        asked: (method, call) => this.parts.onAsked?.(method, call),
      },
      lastWords: () => this.#lastWords(name),
      restartLimits: this.#restartLimits(store.get(name)),
      probeMs: this.#limits.probeMs,
      initializeMs: this.#limits.initializeMs,
      onStarted: async (live, instance) => {
        if (instance !== 'listing') await this.#hand(name, live, false, instance === 'shared')
      },
      onState: () => this.parts.onChange(name),
      onListChanged: (live) => this.#relistSoon(name, live),
      onGivenUp: (reason) => {
        store.disable(name, reason)
        this.parts.onChange(name)
      },
    })
  }

  /** A remote server may be away for long, as this computer may be: it is tried again, ever less often. */
  #restartLimits(server: ServerConfig | undefined): RestartLimits {
    const { restart } = this.#limits
    return server?.origin.kind === 'remote' ? { ...restart, giveUpAfter: Number.POSITIVE_INFINITY } : restart
  }

  async #confine(server: ServerConfig, instance: string, secrets: Readonly<Record<string, string>>): Promise<Road> {
    const { origin } = server
    if (origin.kind === 'remote') {
      const authorize = this.parts.authorize?.(server)
      const options = { origin, secrets, limits: this.#limits.remote, ...(authorize ? { authorize } : {}) }
      return (events) => openRemote(options, events)
    }
    const launch = await launchOf(server, this.parts.launch)
    return this.parts.sandbox.confine({ server, ...launch, secrets, instance })
  }

  #log(name: ServerName): LogRing {
    const present = this.#logs.get(name)
    if (present) return present
    const file = new LogFile(join(this.parts.logs, `server-${name}.log`))
    const ring = new LogRing(1000, 4000, (lines) => file.append(lines.map(this.parts.redact)))
    this.#logs.set(name, ring)
    return ring
  }

  /** A server's last words as the end of a problem, or nothing. */
  #lastWords(name: ServerName): string {
    const said = this.logs(name, 6).join(' ').trim().slice(-500)
    return said === '' ? '' : ` It last said: “${said}”`
  }

  /** A server may announce a hundred changes in a row; it is asked once. */
  #relistSoon(name: ServerName, live: LiveServer): void {
    clearTimeout(this.#relists.get(name))
    const timer = setTimeout(() => {
      this.#hand(name, live, false, false).catch(() => {
        // it ended meanwhile, or refused; the entries stay as they were
      })
    }, relistAfterMs)
    timer.unref()
    this.#relists.set(name, timer)
  }

  async #hand(name: ServerName, live: LiveServer, accept: boolean, complete: boolean): Promise<void> {
    const patience = new AbortController()
    const timer = setTimeout(
      () => patience.abort(new Error('it did not list what it offers in time.')),
      this.#limits.listMs,
    )
    try {
      const listed = await listServer(live, this.parts.redact, [patience.signal])
      const remote = this.parts.store.get(name)?.origin.kind === 'remote'
      this.parts.catalog.offer(name, remote ? withoutBadHeaders(listed, live.greeting.era) : listed, accept, complete)
      this.parts.onChange(name)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw refusalIn(error) ?? serverFailed(name, `${why}${this.#lastWords(name)}`, error)
    } finally {
      clearTimeout(timer)
    }
  }
}
