import type { ClientPeer } from '../../shared/domain/call.ts'
import type { ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { ServerConfig, ServerState } from '../../shared/domain/server.ts'
import { GatehouseError, serverDisabled, serverFailed } from '../../shared/errors.ts'
import type { Confinement } from '../sandbox/sandbox.ts'
import { type Introduction, isModern } from './handshake.ts'
import type { Warden } from './hosts/stdio-host.ts'
import type { LiveServer } from './live-server.ts'
import type { LogRing } from './log-ring.ts'
import { type RestartLimits, RestartPolicy } from './restart-policy.ts'
import type { Era, KnownEra } from './server-store.ts'
import { type Road, ServerGone, startServer } from './start-server.ts'
import type { ToClient } from './to-client.ts'

/** Who a process is for. `listing` is Gatehouse's own look at what a server offers. */
export type Instance = SessionId | 'shared' | 'listing'

export interface HostedServerParts {
  readonly config: () => ServerConfig
  readonly confine: (instance: Instance, secrets: Readonly<Record<string, string>>) => Promise<Road>
  readonly warden: Warden
  readonly clientInfo: Introduction
  readonly era: { known(): KnownEra | undefined; remember(era: KnownEra): void }
  readonly log: LogRing
  readonly toClient: ToClient
  /** Its latest words, shortened and without secrets, or ''. */
  readonly lastWords: () => string
  readonly restartLimits: RestartLimits
  readonly probeMs: number
  readonly initializeMs: number
  /** Compares what a new process offers with what was accepted, before any call reaches it. */
  readonly onStarted: (live: LiveServer, instance: Instance) => Promise<void>
  readonly onState: () => void
  readonly onListChanged: (live: LiveServer) => void
  readonly onGivenUp: (reason: string) => void
}

export interface WantedProcess {
  readonly instance: Instance
  readonly peer: ClientPeer | undefined
  readonly secrets: Readonly<Record<string, string>>
}

/** One configured server: its processes by session, its state, and when it may be started again. */
export class HostedServer {
  readonly #live = new Map<
    Instance,
    { live: LiveServer; startedMs: number; startedAt: number; confinement: Confinement | undefined }
  >()
  readonly #starting = new Map<Instance, Promise<LiveServer>>()
  readonly #restart: RestartPolicy
  #stopping = false
  problem: string | undefined

  constructor(
    readonly name: ServerName,
    private readonly parts: HostedServerParts,
  ) {
    this.#restart = new RestartPolicy(parts.restartLimits)
  }

  get state(): ServerState {
    if (!this.parts.config().enabled) return 'disabled'
    if (this.#live.size > 0) return 'running'
    if (this.#starting.size > 0) return 'starting'
    if (this.#restart.waitMs(performance.now()) > 0) return 'backing-off'
    return this.problem === undefined ? 'idle' : 'failed'
  }

  get pids(): number[] {
    return [...this.#live.values()].map(({ live }) => live.pid).filter((pid) => pid > 0)
  }

  get startedAt(): number | undefined {
    return [...this.#live.values()][0]?.startedAt
  }

  get confinement(): Confinement | undefined {
    return [...this.#live.values()][0]?.confinement
  }

  /** The running process for this session's client, without waiting. */
  ready(session: SessionId, peer: ClientPeer): LiveServer | undefined {
    const own = this.#live.get(session)?.live
    if (own && !isModern(peer.protocol)) return own
    const shared = this.#live.get('shared')?.live
    return shared && !this.#wantsOlderWay(peer) ? shared : own
  }

  /**
   * Starts what is wanted, or joins a start under way.
   * @throws server.disabled, server.failed, sandbox.unavailable
   */
  start(wanted: WantedProcess): Promise<LiveServer> {
    const config = this.parts.config()
    if (!config.enabled) throw serverDisabled(this.name, config.disabledReason ?? '')
    const shared = wanted.instance !== 'listing' && (config.shared || this.#isShared(wanted.peer))
    const instance = shared ? 'shared' : wanted.instance
    const present = this.#live.get(instance)
    if (present) return Promise.resolve(present.live)
    const underway = this.#starting.get(instance)
    if (underway) return underway
    this.#refuseTooSoon()
    const start = this.#start({ ...wanted, instance, peer: config.shared ? undefined : wanted.peer }).finally(() => {
      this.#starting.delete(instance)
      this.parts.onState()
    })
    this.#starting.set(instance, start)
    this.parts.onState()
    return start
  }

  /** Stops processes that had nothing to do for `idleMs`. */
  stopIdle(nowMs: number, idleMs: number): void {
    for (const [instance, { live }] of this.#live)
      if (!live.busy && nowMs - live.lastUsedMs >= idleMs) void this.#stop(instance)
  }

  async endSession(session: SessionId): Promise<void> {
    for (const { live } of this.#live.values()) live.endSession(session)
    await this.#starting.get(session)?.catch(() => undefined)
    await this.#stop(session)
  }

  async stopInstance(instance: Instance): Promise<void> {
    await this.#stop(instance)
  }

  /** Ends every process; what is starting is ended as soon as it has started. */
  async stopAll(): Promise<void> {
    this.#stopping = true
    await Promise.allSettled(this.#starting.values())
    await Promise.all([...this.#live.keys()].map((instance) => this.#stop(instance)))
    this.#stopping = false
    this.parts.onState()
  }

  /** A person's restart begins a new row of tries. */
  forgive(): void {
    this.#restart.forget()
    this.problem = undefined
  }

  notifySession(session: SessionId, method: string): void {
    this.#live.get(session)?.live.tell(method, {})
  }

  #refuseTooSoon(): void {
    const waitMs = this.#restart.waitMs(performance.now())
    if (waitMs === 0) return
    const seconds = Math.max(1, Math.ceil(waitMs / 1000))
    throw serverFailed(
      this.name,
      `${this.problem ?? 'it stopped unexpectedly.'} It can be started again in ${seconds} s.`,
    )
  }

  async #start(wanted: WantedProcess): Promise<LiveServer> {
    try {
      const live = await this.#startAnyEra(wanted)
      if (this.#stopping) {
        await live.stop()
        throw serverFailed(this.name, 'it was being stopped.')
      }
      this.problem = undefined
      return live
    } catch (error) {
      if (!(error instanceof ServerGone)) throw this.#refused(error)
      this.problem = `${error.message}${this.parts.lastWords()}`
      this.#countEnd(0)
      throw serverFailed(this.name, this.problem, error)
    }
  }

  /** From 2026-07-28 one process serves everyone, but for clients that it can serve the older way as well. */
  #isShared(peer: ClientPeer | undefined): boolean {
    const known = this.parts.era.known()
    return known !== undefined && known !== 'legacy' && !this.#wantsOlderWay(peer)
  }

  /** What a server asks by a request of its own is lost on the newer way: a client of an earlier revision gets the older. */
  #wantsOlderWay(peer: ClientPeer | undefined): boolean {
    if (peer === undefined || isModern(peer.protocol) || this.parts.config().shared) return false
    const known = this.parts.era.known()
    return known === 'modern' || known === 'both'
  }

  async #startAnyEra(wanted: WantedProcess): Promise<LiveServer> {
    if (wanted.instance === 'listing' || !this.#wantsOlderWay(wanted.peer)) return this.#startFound(wanted)
    try {
      const live = await this.#startOnce(wanted, 'legacy')
      this.parts.era.remember('both')
      return live
    } catch (error) {
      if (!(error instanceof ServerGone)) throw error
      this.parts.era.remember('modern only')
      return await this.start(wanted)
    }
  }

  /** A server that does not survive being asked for its revision is started once more and greeted the older way. */
  async #startFound(wanted: WantedProcess): Promise<LiveServer> {
    const known = this.parts.era.known()
    const era = known === undefined || known === 'legacy' ? known : 'modern'
    const live = await this.#startOnce(wanted, era).catch((error: unknown) => {
      const remote = this.parts.config().origin.kind === 'remote'
      if (era !== undefined || remote || !(error instanceof ServerGone)) throw error
      return this.#startOnce(wanted, 'legacy')
    })
    if (known === undefined || live.greeting.era !== era) this.parts.era.remember(live.greeting.era)
    return live
  }

  async #startOnce(wanted: WantedProcess, era: Era | undefined): Promise<LiveServer> {
    const road = await this.parts.confine(wanted.instance, wanted.secrets)
    const startedMs = performance.now()
    let place = wanted.instance
    let live: LiveServer | undefined
    live = await startServer({
      road,
      warden: this.parts.warden,
      clientInfo: this.parts.clientInfo,
      era,
      peer: wanted.peer,
      log: this.parts.log,
      toClient: this.parts.toClient,
      probeMs: this.parts.probeMs,
      initializeMs: this.parts.initializeMs,
      onListChanged: () => {
        if (live) this.parts.onListChanged(live)
      },
      onEnded: (problem) => this.#ended(place, problem, performance.now() - startedMs),
    })
    if (live.greeting.era === 'modern' && place !== 'listing' && !this.#live.has('shared')) place = 'shared'
    await this.#compare(live, place)
    const confinement = typeof road === 'function' ? undefined : road
    this.#live.set(place, { live, startedMs, startedAt: Date.now(), confinement })
    return live
  }

  async #compare(live: LiveServer, place: Instance): Promise<void> {
    try {
      await this.parts.onStarted(live, place)
      live.listenForListChanges()
    } catch (error) {
      await live.stop()
      throw error
    }
  }

  #ended(instance: Instance, problem: string, livedMs: number): void {
    if (!this.#live.delete(instance)) return // we stopped it
    this.problem = `${problem}${this.parts.lastWords()}`
    this.#countEnd(livedMs)
    this.parts.onState()
  }

  #countEnd(livedMs: number): void {
    this.#restart.ended(performance.now(), livedMs)
    if (!this.#restart.givesUp) return
    this.#restart.forget()
    this.parts.onGivenUp(`It stopped ${this.parts.restartLimits.giveUpAfter} times in a row: ${this.problem ?? ''}`)
  }

  #refused(error: unknown): unknown {
    this.problem = error instanceof GatehouseError ? (error.params.problem ?? error.code) : 'it could not be started.'
    return error
  }

  async #stop(instance: Instance): Promise<void> {
    const present = this.#live.get(instance)
    if (present === undefined) return
    this.#live.delete(instance)
    this.parts.onState()
    await present.live.stop()
  }
}
