/**
 * Starts, watches, repairs and stops servers, and carries calls to them. A process exists only while it is needed; one
 * failing server never disturbs another. Refuses to run anything the sandbox did not make the command line for, to
 * start a server that is switched off, and to decide anything: what arrives here was judged.
 */
import type { ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { SymptomKind } from '../../shared/domain/incident.ts'
import type { Authorize } from '../../shared/domain/remote.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import {
  appStopping,
  callCancelled,
  deadlineExceeded,
  serverCrashed,
  serverFailed,
  serverUnknown,
} from '../../shared/errors.ts'
import type { TrialSeen } from '../cells/registration.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { ServersPort } from '../kernel/ports.ts'
import { type BreakerSettings, defaultBreaker } from '../limits/breaker.ts'
import type { Sandbox, Wiped } from '../sandbox/sandbox.ts'
import { Carrier, type CarrierParts, resting } from './carrier.ts'
import { usedSoFar } from './governor/measure.ts'
import type { Introduction } from './handshake.ts'
import { HostedServer } from './hosted-server.ts'
import type { Instance } from './hosted-server-parts.ts'
import { callOwnTool, type OwnTools } from './hosts/own-host.ts'
import type { Warden } from './hosts/stdio-host.ts'
import { type LaunchParts, launchOf } from './launch.ts'
import { Listings } from './listings.ts'
import type { LiveServer } from './live-server.ts'
import { capableOfAll } from './own-look.ts'
import { isPooled } from './pool/pool.ts'
import type { CatalogFeed, ContextOf, EngineOf, LeaseSecrets } from './ports.ts'
import { openRemote } from './remote/remote-host.ts'
import type { RemoteLimits } from './remote/remote-http.ts'
import { RemoteProblem, refusalIn } from './remote/remote-problem.ts'
import { defaultRestartLimits, type RestartLimits } from './restart-policy.ts'
import { defaultRetry, type RetrySettings } from './retry.ts'
import { ServerLogs } from './server-logs.ts'
import type { ServerStore } from './server-store.ts'
import { type Road, ServerGone } from './start-server.ts'
import type { Person, ToClient } from './to-client.ts'
import { untilAborted } from './until-aborted.ts'
import { Upkeep, type UpkeepParts } from './upkeep.ts'

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
  /** What servers ask and tell clients beside their answers. */
  readonly toClient: Omit<ToClient, 'person'>
  /** Something is wrong with a server; `detail` is for a person, without secrets. */
  readonly onTrouble?: (server: ServerName, kind: SymptomKind, detail: string) => void
  /** It was switched off, because it kept ending. */
  readonly onGivenUp?: (server: ServerName, reason: string) => void
  readonly onThrottle?: (server: ServerName, throttled: boolean, problem: string) => void
  /** A health check found a server well or not. */
  readonly onChecked?: (server: ServerName, well: boolean) => void
  /** A call ended in a way that says whether the server works. */
  readonly onOutcome?: (server: ServerName, answered: boolean) => void
  /** Level 4: a process that may leave nothing is gone, with what it left. */
  readonly onWiped?: (server: ServerName, wiped: Wiped) => void
  /** Every text that goes to a server or comes from it. Called for each message: keep it cheap. */
  readonly hears?: (server: ServerName, text: string, way: 'said' | 'told') => void
  readonly onUsage?: UpkeepParts['onUsage']
  readonly onAnswered?: CarrierParts['onAnswered']
  readonly person?: Person
  /** What bundled servers are the faces of. */
  readonly engineOf?: EngineOf
  /** What a call's session is about, for a server that asks and may know. */
  readonly contextOf?: ContextOf
  /** A process of it may start. Throws what refuses it. */
  readonly mayRun?: (server: ServerConfig, instance: string) => Promise<void>
  /** It may still be used. Throws what refuses it. */
  readonly mayUse?: (server: ServerConfig, entry: CatalogEntry) => void
  readonly limits?: Partial<SupervisorLimits>
}

export interface SupervisorLimits {
  readonly idleMs: number
  readonly probeMs: number
  readonly initializeMs: number
  readonly listMs: number
  readonly restart: RestartLimits
  readonly breaker: BreakerSettings
  readonly retry: RetrySettings
  readonly remote: Partial<RemoteLimits>
}

const defaultLimits: SupervisorLimits = {
  idleMs: 5 * 60_000,
  probeMs: 10_000,
  initializeMs: 30_000,
  listMs: 60_000,
  restart: defaultRestartLimits,
  breaker: defaultBreaker,
  retry: defaultRetry,
  remote: {},
}

export class Supervisor implements ServersPort {
  readonly #hosted = new Map<ServerName, HostedServer>()
  readonly #logs: ServerLogs
  readonly #listings: Listings
  readonly #limits: SupervisorLimits
  readonly #sweep: NodeJS.Timeout
  readonly #carrier: Carrier
  /** Health and use of what runs. */
  readonly upkeep: Upkeep
  #stopped = false

  constructor(private readonly parts: SupervisorParts) {
    const { store, catalog, redact, onChange, onThrottle, onChecked, onOutcome } = parts
    this.#limits = { ...defaultLimits, ...parts.limits }
    this.#logs = new ServerLogs(parts.logs, redact)
    this.#listings = new Listings({
      catalog,
      redact,
      isRemote: (name) => store.get(name)?.origin.kind === 'remote',
      lastWords: (name) => this.#logs.lastWords(name),
      onChange,
      listMs: this.#limits.listMs,
    })
    this.upkeep = new Upkeep({
      config: store.get,
      hosted: (name) => this.hosted(name),
      ...(parts.onUsage ? { onUsage: parts.onUsage } : {}),
      ...(onThrottle ? { onThrottle } : {}),
      ...(onChecked ? { onChecked } : {}),
    })
    this.#carrier = new Carrier({
      retry: this.#limits.retry,
      started: (hosted, call, instance) => this.#started(hosted, call, instance),
      confirm: (entry) => {
        parts.mayUse?.(store.need(entry.server), entry)
        catalog.confirm(entry)
      },
      ...(onOutcome ? { onOutcome } : {}),
      ...(parts.onAnswered ? { onAnswered: parts.onAnswered } : {}),
    })
    this.#sweep = setInterval(() => this.stopIdle(), Math.min(30_000, Math.max(20, this.#limits.idleMs / 5)))
    this.#sweep.unref()
  }

  /** @throws server.disabled, server.failed, server.crashed, limits.deadline, call.cancelled */
  async dispatch(call: Equipped): Promise<Reply> {
    if (call.server.name === 'gatehouse') return callOwnTool(call, this.parts.ownTools)
    const hosted = this.hosted(call.server.name)
    try {
      const context = call.server.context ? await this.parts.contextOf?.(call) : undefined
      return await this.#carrier.carry(hosted, context === undefined ? call : { ...call, context })
    } catch (error) {
      throw this.#whyFailed(call, error)
    }
  }

  /** Refuses a call before it waits for its turn, while the server is left alone. @throws server.failed */
  admit(name: ServerName): void {
    const hosted = this.#hosted.get(name)
    if (hosted?.breaker.refuses()) throw resting(hosted)
  }

  changed = (name: ServerName): void => this.parts.onChange(name)

  /** Calls that were answered together with an identical one. */
  get coalesced(): number {
    return this.#carrier.coalescing.joined
  }

  /**
   * Starts what the person wants ready: at the start of the app, or of a session.
   * @param of the session and its client, whose own processes are started too
   */
  async prewarm(when: 'app-start' | 'session-start', of?: { session: SessionId; peer: ClientPeer }): Promise<void> {
    const wanted = this.parts.store.list().filter(({ enabled, running }) => enabled && running?.prewarm === when)
    await Promise.all(wanted.map((server) => this.#warm(server, of).catch(() => {}))) // its problem shows on its card
  }

  async #warm(server: ServerConfig, of: { session: SessionId; peer: ClientPeer } | undefined): Promise<void> {
    const hosted = this.hosted(server.name)
    if (hosted.keepsNothing) return
    if (of === undefined || hosted.servesEveryone(of.peer)) return hosted.prewarm()
    await hosted.start({ instance: of.session, peer: of.peer, secrets: await this.parts.lease(server) })
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
   * @returns what it used for that
   * @throws server.failed
   */
  async list(name: ServerName, accept: boolean): Promise<TrialSeen> {
    const hosted = this.hosted(name)
    const secrets = await this.parts.lease(this.parts.store.need(name))
    const startedMs = performance.now()
    const live = await hosted.start({ instance: 'listing', peer: capableOfAll, secrets })
    const runsMs = performance.now()
    try {
      const listBytes = await this.#listings.hand(name, live, accept, true)
      const used = usedSoFar(live.pid)
      const refusedHosts = hosted.refusedHosts('listing')
      const times = { startMs: Math.round(runsMs - startedMs), listMs: Math.round(performance.now() - runsMs) }
      return { ...times, listBytes, refusedHosts, ...(used ? { used } : {}) }
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
    this.#listings.forget(name)
    await this.#hosted.get(name)?.stopAll()
    this.#hosted.delete(name)
    this.#logs.forget(name)
    this.upkeep.governor.forget(name)
  }

  /** The latest lines of its stderr, oldest first, without secrets. */
  logs(name: ServerName, lines: number): string[] {
    return this.#logs.tail(name, lines)
  }

  /** Takes lines out of what is in memory; what waits for its file is written. @returns how many went */
  dropLogLines = (fits: (line: string) => boolean): Promise<number> => this.#logs.drop(fits)

  stopIdle(): void {
    for (const hosted of this.#hosted.values()) hosted.stopIdle(performance.now(), this.#limits.idleMs)
  }

  /** Ends every process; resolves when all are gone. */
  async stopAll(): Promise<void> {
    this.#stopped = true
    clearInterval(this.#sweep)
    this.#listings.stop()
    await Promise.all([...this.#hosted.values()].map((hosted) => hosted.stopAll()))
    this.upkeep.governor.stop()
  }

  #started(hosted: HostedServer, call: Equipped, instance: Instance = call.session.id): Promise<LiveServer> {
    if (this.#stopped) throw appStopping()
    const start = hosted.start({ instance, peer: call.peer, secrets: call.secrets })
    return untilAborted(start, [call.signal, call.deadline])
  }

  #whyFailed(call: Equipped, error: unknown): unknown {
    const refused = refusalIn(error)
    if (refused !== undefined) return refused
    if (this.#stopped && !call.signal.aborted) return appStopping()
    if (error instanceof ServerGone) {
      const hosted = this.#hosted.get(call.server.name)
      const ours = error.message === stoppedByUs ? hosted?.problem : undefined
      return serverCrashed(call.server.name, ours ?? `${error.message}${this.#logs.lastWords(call.server.name)}`)
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
      log: this.#logs.of(name),
      toClient: {
        ...this.parts.toClient,
        ...(this.parts.person ? { person: this.parts.person } : {}),
      },
      engine: () => this.parts.engineOf?.(store.need(name)),
      lastWords: () => this.#logs.lastWords(name),
      restartLimits: this.#restartLimits(store.get(name)),
      breaker: this.#limits.breaker,
      probeMs: this.#limits.probeMs,
      initializeMs: this.#limits.initializeMs,
      onStarted: async (live, instance) => {
        if (instance === 'listing' || instance === 'repair') return
        await this.#listings.hand(name, live, false, instance === 'shared' || isPooled(instance))
      },
      onState: () => this.parts.onChange(name),
      onListChanged: (live) => this.#listings.soon(name, live),
      onGivenUp: (reason) => {
        store.disable(name, reason)
        this.parts.onChange(name)
        this.parts.onGivenUp?.(name, reason)
      },
      onTrouble: (kind, detail) => this.parts.onTrouble?.(name, kind, detail),
      hears: (text, way) => this.parts.hears?.(name, text, way),
      onWiped: (_instance, wiped) => this.parts.onWiped?.(name, wiped),
      watch: (live, instance) => this.upkeep.watch(name, live, instance),
      lease: () => this.parts.lease(store.need(name)),
      usage: (pid) => this.upkeep.shareOf(pid),
    })
  }

  /** A remote server may be away for long, as this computer may be: it is tried again, ever less often. */
  #restartLimits(server: ServerConfig | undefined): RestartLimits {
    const { restart } = this.#limits
    return server?.origin.kind === 'remote' ? { ...restart, giveUpAfter: Number.POSITIVE_INFINITY } : restart
  }

  async #confine(server: ServerConfig, instance: string, secrets: Readonly<Record<string, string>>): Promise<Road> {
    await this.parts.mayRun?.(server, instance)
    const { origin } = server
    if (origin.kind === 'remote') {
      const authorize = this.parts.authorize?.(server)
      const options = { origin, secrets, limits: this.#limits.remote, ...(authorize ? { authorize } : {}) }
      return (events) => openRemote(options, events)
    }
    const launch = await launchOf(server, this.parts.launch)
    return this.parts.sandbox.confine({ server, ...launch, secrets, instance })
  }
}

/** What a process that Gatehouse ended is said to have ended by. */
const stoppedByUs = 'it was stopped.'
