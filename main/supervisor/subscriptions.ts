import type { ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { tooManyWatched } from '../../shared/errors.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Connection } from './connection.ts'

const subscriptionIdKey = 'io.modelcontextprotocol/subscriptionId'

/** Resources one session may watch here. */
const mostOfSession = 1000

interface Subscriber {
  readonly peer: ClientPeer
  /** The address as the client knows it. */
  readonly name: string
}

/**
 * Who is told when a resource changes. A server up to 2025-11-25 is asked by `resources/subscribe`, a later one by one
 * `subscriptions/listen` for each address. When it ends, they are told so, and ask again.
 */
export class Subscriptions {
  /** Own URI → session → who is told. */
  readonly #subscribers = new Map<string, Map<SessionId, Subscriber>>()
  /** Own URI → the way to end what a 2026-07-28 server listens for. */
  readonly #listening = new Map<string, AbortController>()
  /** Request id → told what the server agreed to. */
  readonly #acknowledged = new Map<number, (agreed: JsonObject) => void>()

  constructor(
    private readonly connection: Pick<Connection, 'request'>,
    /** Members of `_meta` a 2026-07-28 server asks for; undefined for an earlier one. */
    private readonly envelope: JsonObject | undefined,
  ) {}

  get size(): number {
    return this.#subscribers.size
  }

  /**
   * @param send asks a server up to 2025-11-25
   * @throws limits.watched
   */
  async subscribe(call: Equipped, send: () => Promise<Reply>): Promise<Reply> {
    const uri = call.entry.ownName
    if (this.#countOf(call.session.id, uri) >= mostOfSession) throw tooManyWatched(call.server.name, mostOfSession)
    const reply = this.envelope === undefined ? await send() : await this.#listen(uri, call)
    if (reply.kind === 'error') return reply
    const sessions = this.#subscribers.get(uri) ?? new Map<SessionId, Subscriber>()
    sessions.set(call.session.id, { peer: call.peer, name: call.target })
    this.#subscribers.set(uri, sessions)
    return reply
  }

  /** The server goes on telling as long as anybody else listens. */
  async unsubscribe(call: Equipped, send: () => Promise<Reply>): Promise<Reply> {
    const uri = call.entry.ownName
    const sessions = this.#subscribers.get(uri)
    sessions?.delete(call.session.id)
    if (sessions !== undefined && sessions.size > 0) return done
    this.#subscribers.delete(uri)
    this.#stopListening(uri)
    return this.envelope === undefined ? send() : done
  }

  endSession(session: SessionId): void {
    for (const [uri, sessions] of this.#subscribers) {
      if (!sessions.delete(session) || sessions.size > 0) continue
      this.#subscribers.delete(uri)
      this.#stopListening(uri)
    }
  }

  /** The server ended, and knows of none when it is started again. */
  over(): void {
    for (const uri of [...this.#subscribers.keys()]) this.#lost(uri)
  }

  /** Nothing but the address is passed on: whatever else a server says there passed no filter. */
  updated({ uri }: JsonObject): void {
    const sessions = typeof uri === 'string' ? this.#subscribers.get(uri) : undefined
    for (const { peer, name } of sessions?.values() ?? []) peer.notify('notifications/resources/updated', { uri: name })
  }

  acknowledged(params: JsonObject): void {
    const id = Number(objectOf(params._meta)[subscriptionIdKey])
    this.#acknowledged.get(id)?.(objectOf(params.notifications))
    this.#acknowledged.delete(id)
  }

  /** How many others this session watches. */
  #countOf(session: SessionId, uri: string): number {
    let count = 0
    for (const [other, sessions] of this.#subscribers) if (other !== uri && sessions.has(session)) count += 1
    return count
  }

  async #listen(uri: string, call: Equipped): Promise<Reply> {
    if (this.#listening.has(uri)) return done
    const controller = new AbortController()
    const giveUp = () => controller.abort(call.signal.reason ?? call.deadline.reason)
    for (const signal of [call.signal, call.deadline]) signal.addEventListener('abort', giveUp)
    try {
      const reply = await this.#agreed(uri, controller)
      if (reply.kind === 'error') controller.abort()
      else this.#listening.set(uri, controller)
      return reply
    } finally {
      for (const signal of [call.signal, call.deadline]) signal.removeEventListener('abort', giveUp)
    }
  }

  /** @throws the reason of the signal; what the connection was closed with */
  #agreed(uri: string, controller: AbortController): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const params = (id: number) => {
        this.#acknowledged.set(id, (agreed) => resolve(includes(agreed, uri) ? done : untold))
        return JSON.stringify({ notifications: { resourceSubscriptions: [uri] }, _meta: this.envelope })
      }
      const ended = this.connection.request('subscriptions/listen', params, { signals: [controller.signal] })
      const isOver = () => {
        if (this.#listening.get(uri) !== controller) return // never agreed to, or ended by us
        this.#listening.delete(uri)
        this.#lost(uri)
      }
      ended.finally(isOver).then((reply) => resolve(reply.kind === 'error' ? reply : untold), reject)
    })
  }

  #lost(uri: string): void {
    const sessions = this.#subscribers.get(uri)
    this.#subscribers.delete(uri)
    for (const { peer } of sessions?.values() ?? []) peer.lost?.()
  }

  #stopListening(uri: string): void {
    const controller = this.#listening.get(uri)
    this.#listening.delete(uri)
    controller?.abort(new Error('nobody listens any more'))
  }
}

const done: Reply = { kind: 'result', result: {} }
const untold: Reply = {
  kind: 'error',
  error: { code: -32_603, message: 'The server does not tell when this resource changes.' },
}

const includes = ({ resourceSubscriptions }: JsonObject, uri: string): boolean =>
  Array.isArray(resourceSubscriptions) && resourceSubscriptions.includes(uri)

const objectOf = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
