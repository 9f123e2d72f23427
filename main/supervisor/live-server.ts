import { askable } from '../../shared/domain/askable.ts'
import type { ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { CallId, SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { carriedCapabilities } from './carried-capabilities.ts'
import type { Connection, Progress } from './connection.ts'
import { RpcRefusal } from './connection.ts'
import { envelope, type Greeting, type Introduction } from './handshake.ts'
import { requestParams } from './request-params.ts'
import { cleaned, type ToClient, Told } from './to-client.ts'

/** One running server: sends calls, and carries back what it asks of, and tells, the clients whose calls run. */
export class LiveServer {
  readonly #running = new Map<CallId, Equipped>()
  /** Own URI → session → who is told, and under which name. */
  readonly #subscribers = new Map<string, Map<SessionId, { peer: ClientPeer; name: string }>>()
  readonly #told: Told
  #lastPeer: ClientPeer | undefined
  /** Monotonic. */
  lastUsedMs = performance.now()

  constructor(
    readonly pid: number,
    readonly greeting: Greeting,
    private readonly connection: Connection,
    private readonly clientInfo: Introduction,
    private readonly owned: 'one session' | 'everyone',
    private readonly toClient: ToClient,
    readonly stop: () => Promise<void>,
  ) {
    this.#told = new Told(toClient.redact)
  }

  get busy(): boolean {
    return this.#running.size > 0 || this.#subscribers.size > 0
  }

  /** @throws ServerGone when the process ends first; the aborted signal's reason */
  async exchange(call: Equipped): Promise<Reply> {
    this.#running.set(call.callId, call)
    this.#lastPeer = call.peer
    try {
      const reply = await this.#send(call)
      if (reply.kind === 'result') this.#noteSubscription(call)
      return reply
    } finally {
      this.#running.delete(call.callId)
      this.lastUsedMs = performance.now()
    }
  }

  /** A request of Gatehouse's own, such as a list. */
  ask(method: string, params: JsonObject, signals: readonly AbortSignal[]): Promise<Reply> {
    const full = this.greeting.era === 'modern' ? { ...params, _meta: envelope(this.clientInfo, {}) } : params
    return this.connection.request(method, () => JSON.stringify(full), { signals })
  }

  /** Asks a 2026-07-28 server to say when its lists change; an older one does so unasked. */
  listenForListChanges(): void {
    if (this.greeting.era === 'legacy') return
    const notifications = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }
    this.ask('subscriptions/listen', { notifications }, []).catch(() => {
      // answered or rejected when the server ends
    })
  }

  /** A notification from a client to the server of its session. */
  tell(method: string, params: JsonObject): void {
    if (this.greeting.era === 'legacy') this.connection.notify(method, params)
  }

  /** Answers what the server asks while a call of its session runs. */
  async answer(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (method === 'ping') return {}
    const needed = askable[method]
    const call = this.owned === 'one session' ? [...this.#running.values()].at(-1) : undefined
    const peer = call?.peer
    const clean = cleaned(params, this.toClient.redact)
    if (needed === undefined || !call || !peer || peer.capabilities[needed] === undefined || !clean)
      throw new RpcRefusal(-32601, `The client does not answer ${method} here.`)
    this.toClient.asked(method, call.client?.name ?? '')
    return peer.request(method, clean, signal)
  }

  /** Passes on what the server says. */
  notified(method: string, given: JsonObject): void {
    const params = this.#told.notification(given)
    if (params === undefined) return
    if (method === 'notifications/resources/updated') this.#tellSubscribers(params)
    else if (method === 'notifications/message' || method === 'notifications/elicitation/complete')
      this.#listener()?.notify(method, params)
  }

  endSession(session: SessionId): void {
    for (const [uri, sessions] of this.#subscribers) {
      sessions.delete(session)
      if (sessions.size === 0) this.#subscribers.delete(uri)
    }
  }

  #send(call: Equipped): Promise<Reply> {
    const wantsProgress = call.meta?.progressToken !== undefined
    const outer = this.greeting.era === 'modern' ? envelope(this.clientInfo, carriedCapabilities(call.peer)) : undefined
    const checksContent = call.server.origin.kind === 'bundled' && call.server.origin.bundle === 'filesystem'
    const source = { ...call, checksContent }
    return this.connection.request(call.method, (id) => requestParams(source, outer, wantsProgress ? id : undefined), {
      signals: [call.signal, call.deadline],
      ...(wantsProgress ? { onProgress: (progress: Progress) => this.#tellProgress(call.peer, progress) } : {}),
    })
  }

  #tellProgress(peer: ClientPeer, given: Progress): void {
    const progress = this.#told.progress(given)
    if (progress !== undefined) peer.progress(progress)
  }

  /** A log line has no address: it goes to the session's client, or to nobody when that can't be told. */
  #listener(): ClientPeer | undefined {
    if (this.owned === 'one session') return this.#lastPeer
    const sessions = new Map([...this.#running.values()].map((call) => [call.session.id, call.peer]))
    return sessions.size === 1 ? [...sessions.values()][0] : undefined
  }

  #tellSubscribers(params: JsonObject): void {
    const sessions = typeof params.uri === 'string' ? this.#subscribers.get(params.uri) : undefined
    for (const { peer, name } of sessions?.values() ?? [])
      peer.notify('notifications/resources/updated', { ...params, uri: name })
  }

  #noteSubscription(call: Equipped): void {
    if (call.method === 'resources/subscribe') {
      const sessions = this.#subscribers.get(call.entry.ownName) ?? new Map()
      sessions.set(call.session.id, { peer: call.peer, name: call.entry.name })
      this.#subscribers.set(call.entry.ownName, sessions)
    } else if (call.method === 'resources/unsubscribe') {
      const sessions = this.#subscribers.get(call.entry.ownName)
      sessions?.delete(call.session.id)
      if (sessions?.size === 0) this.#subscribers.delete(call.entry.ownName)
    }
  }
}
