import type { ClientPeer } from '../../shared/domain/call.ts'
import type { ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { SymptomKind } from '../../shared/domain/incident.ts'
import { isFace, type ServerState } from '../../shared/domain/server.ts'
import { GatehouseError, serverBusy, serverDisabled, serverFailed } from '../../shared/errors.ts'
import { Breaker } from '../limits/breaker.ts'
import type { Confinement } from '../sandbox/sandbox.ts'
import { Eras } from './eras.ts'
import { isModern } from './handshake.ts'
import type { HostedServerParts, Instance, WantedProcess } from './hosted-server-parts.ts'
import type { LiveServer } from './live-server.ts'
import { isOneCall, type OneCall } from './one-call.ts'
import { InstancePool, isPooled } from './pool/pool.ts'
import { poolSettingsOf } from './pool/pool-settings.ts'
import { RestartPolicy } from './restart-policy.ts'
import { RunningProcesses } from './running-processes.ts'
import type { Era } from './server-store.ts'
import { ServerGone, startServer } from './start-server.ts'
import { WipedCalls } from './wiped-calls.ts'

/** One configured server: its processes by session, its state, and when it may be started again. */
export class HostedServer {
  readonly #live = new RunningProcesses()
  readonly #starting = new Map<Instance, Promise<LiveServer>>()
  readonly #wiped: WipedCalls
  readonly #restart: RestartPolicy
  readonly #eras: Eras
  #stopping = false
  problem: string | undefined
  readonly breaker: Breaker
  /** Its processes for everyone, where the person wants several. */
  readonly pool: InstancePool<LiveServer>

  constructor(
    readonly name: ServerName,
    private readonly parts: HostedServerParts,
  ) {
    this.#restart = new RestartPolicy(parts.restartLimits)
    this.#wiped = new WipedCalls(parts.onWiped)
    this.#eras = new Eras({
      config: parts.config,
      era: parts.era,
      startOnce: (wanted, era) => this.#startOnce(wanted, era),
      startAgain: (wanted) => this.start(wanted),
    })
    this.breaker = new Breaker(parts.breaker, undefined, (state) => {
      if (state === 'open') parts.onTrouble?.('breaker-open', `Its latest calls failed. ${this.problem ?? ''}`.trim())
    })
    this.pool = new InstancePool({
      settings: () => poolSettingsOf(parts.config().running),
      start: async (slot) => this.start({ instance: slot as Instance, peer: undefined, secrets: await parts.lease() }),
      end: (slot) => this.#stop(slot as Instance),
      isAlive: (live) => this.#live.holds(live),
      busyError: () => serverBusy(name),
      ...(parts.usage ? { usage: parts.usage } : {}),
    })
  }

  get state(): ServerState {
    if (!this.parts.config().enabled) return 'disabled'
    if (this.#live.size > 0) return 'running'
    if (this.#starting.size > 0) return 'starting'
    if (this.#restart.waitMs(performance.now()) > 0) return 'backing-off'
    return this.problem === undefined ? 'idle' : 'failed'
  }

  get pids(): number[] {
    return this.#live.pids
  }

  get startedAt(): number | undefined {
    return this.#live.first?.startedAt
  }

  get confinement(): Confinement | undefined {
    return this.#live.first?.confinement
  }

  /** Hosts a running process tried to reach and was refused. */
  refusedHosts = (instance: Instance): string[] =>
    (this.#live.get(instance)?.confinement?.deniedHosts() ?? []).map(({ host }) => host)

  /** The running process for this session's client, without waiting. */
  ready(session: SessionId, peer: ClientPeer): LiveServer | undefined {
    const own = this.#live.get(session)?.live
    if (own && !isModern(peer.protocol)) return own
    const shared = this.#live.get('shared')?.live
    return shared && !this.#eras.wantsOlderWay(peer) ? shared : own
  }

  /** Whether calls of this client are spread over a pool. */
  pooled(peer: ClientPeer | undefined): boolean {
    return (this.parts.config().running?.instances?.max ?? 1) > 1 && this.servesEveryone(peer)
  }

  /** Whether this client is served by a process that serves others too. */
  servesEveryone = (peer: ClientPeer | undefined): boolean =>
    !this.keepsNothing && !isFace(this.parts.config()) && (this.parts.config().shared || this.#eras.isShared(peer))

  /** Whether every call gets a process of its own, wiped before its answer leaves (level 4). */
  get keepsNothing(): boolean {
    const { sandbox, origin } = this.parts.config()
    return sandbox === 4 && origin.kind !== 'remote'
  }

  isRunning = (live: LiveServer): boolean => this.#live.holds(live)

  /** Milliseconds until it may be started again. */
  waitMs = (): number => this.#restart.waitMs(performance.now())

  /** Starts a process before a call needs it, where one serves more than one session. @throws as `start` */
  async prewarm(): Promise<void> {
    if (this.pooled(undefined)) return this.pool.prewarm()
    if (!this.servesEveryone(undefined)) return
    await this.start({ instance: 'shared', peer: undefined, secrets: await this.parts.lease() })
  }

  /**
   * Starts what is wanted, or joins a start under way.
   * @throws server.disabled, server.failed, sandbox.unavailable
   */
  start(wanted: WantedProcess): Promise<LiveServer> {
    const config = this.parts.config()
    if (!config.enabled) throw serverDisabled(this.name, config.disabledReason ?? '')
    const shared = !this.#isOwn(wanted.instance) && this.servesEveryone(wanted.peer)
    const instance = shared ? 'shared' : wanted.instance
    const present = this.#live.get(instance)
    if (present) return Promise.resolve(present.live)
    const underway = this.#starting.get(instance)
    if (underway) return underway
    this.#refuseTooSoon()
    const start = this.#start({ ...wanted, instance, peer: this.#toldOf(wanted.peer) }).finally(() => {
      this.#starting.delete(instance)
      this.parts.onState()
    })
    this.#starting.set(instance, start)
    this.parts.onState()
    return start
  }

  /** Stops processes that had nothing to do for `idleMs`, or for as long as the person set. */
  stopIdle(nowMs: number, idleMs: number): void {
    const longestMs = (this.parts.config().running?.idleSeconds ?? idleMs / 1000) * 1000
    for (const [instance, live] of this.#live.lives)
      if (!isPooled(instance) && !live.busy && nowMs - live.lastUsedMs >= longestMs) void this.#stop(instance)
    this.pool.sweep()
  }

  async endSession(session: SessionId): Promise<void> {
    for (const live of this.#live.lives.values()) live.endSession(session)
    this.pool.endSession(session)
    await this.#starting.get(session)?.catch(() => undefined)
    await this.#stop(session)
  }

  async stopInstance(instance: Instance): Promise<void> {
    await this.#stop(instance)
  }

  /** Ends the process of one call and wipes what it left. @returns how many files of its copies it had changed */
  async endCall(instance: OneCall): Promise<number> {
    await this.#stop(instance)
    return this.#wiped.take(instance)
  }

  /** Ends every process; what is starting is ended as soon as it has started. */
  async stopAll(): Promise<void> {
    this.#stopping = true
    await Promise.allSettled(this.#starting.values())
    await Promise.all(this.#live.instances.map((instance) => this.#stop(instance)))
    this.#stopping = false
    this.parts.onState()
  }

  /** Ends a process for a reason of ours: it counts as if it had ended by itself. */
  async fail(instance: Instance, problem: string, kind: SymptomKind): Promise<void> {
    const present = this.#live.get(instance)
    if (present === undefined) return
    this.#ended(instance, problem, performance.now() - present.startedMs, kind)
    await present.live.stop()
  }

  /** Every process that runs, by who it is for. */
  get running(): ReadonlyMap<Instance, LiveServer> {
    return this.#live.lives
  }

  /** A person's restart begins a new row of tries. */
  forgive(): void {
    this.#restart.forget()
    this.breaker.close()
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
      const live = await this.#eras.start(wanted)
      if (this.#stopping) {
        await live.stop()
        throw serverFailed(this.name, 'it was being stopped.')
      }
      this.problem = undefined
      return live
    } catch (error) {
      if (!(error instanceof ServerGone)) throw this.#refused(error)
      this.problem = `${error.message}${this.parts.lastWords()}`
      if (wanted.instance !== 'listing') this.parts.onTrouble?.('start-failed', this.problem)
      this.#countEnd(0)
      throw serverFailed(this.name, this.problem, error)
    }
  }

  async #startOnce(wanted: WantedProcess, era: Era | undefined): Promise<LiveServer> {
    const road = this.#wiped.noting(wanted.instance, await this.parts.confine(wanted.instance, wanted.secrets))
    const startedMs = performance.now()
    const engine = this.parts.engine?.()
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
      endsAtOnce: this.keepsNothing,
      ...(this.parts.hears ? { hears: this.parts.hears } : {}),
      ...(engine ? { face: { engine, workspace: this.parts.config().workspace } } : {}),
      probeMs: this.parts.probeMs,
      initializeMs: this.parts.initializeMs,
      onListChanged: () => {
        if (live) this.parts.onListChanged(live)
      },
      onEnded: (problem) => this.#ended(place, problem, performance.now() - startedMs),
    })
    if (live.greeting.era === 'modern' && !this.#isOwn(place) && !this.#live.has('shared')) place = 'shared'
    await this.#compare(live, place)
    const confinement = typeof road === 'function' ? undefined : road
    const unwatch = place === 'listing' ? undefined : this.parts.watch?.(live, place)
    this.#live.add(place, { live, startedMs, startedAt: Date.now(), confinement, unwatch })
    return live
  }

  /** Never joined with another's. */
  #isOwn = (instance: Instance): boolean =>
    instance === 'listing' ||
    isPooled(instance) ||
    isOneCall(instance) ||
    this.keepsNothing ||
    isFace(this.parts.config())

  /** The client a process may ask. One for a single call could not go on with a question that a later call answers. */
  #toldOf(peer: ClientPeer | undefined): ClientPeer | undefined {
    if (this.keepsNothing) return peer !== undefined && isModern(peer.protocol) ? undefined : peer
    return this.parts.config().shared ? undefined : peer
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

  #ended(instance: Instance, problem: string, livedMs: number, kind: SymptomKind = 'crashed'): void {
    if (this.#takeOut(instance) === undefined) return // we stopped it
    this.problem = `${problem}${this.parts.lastWords()}`
    if (instance !== 'listing') this.parts.onTrouble?.(kind, this.problem)
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
    const present = this.#takeOut(instance)
    if (present === undefined) return
    this.parts.onState()
    await present.live.stop()
  }

  #takeOut(instance: Instance) {
    const present = this.#live.takeOut(instance)
    if (present !== undefined && isPooled(instance)) this.pool.ended(instance)
    return present
  }
}
