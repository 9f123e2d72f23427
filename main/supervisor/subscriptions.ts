import type { ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { tooManyWatched } from '../../shared/errors.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Connection } from './connection.ts'
import { untilAborted } from './until-aborted.ts'

const subscriptionIdKey = 'io.modelcontextprotocol/subscriptionId'

/** Resources one session may watch here. */
const mostOfSession = 1000

interface Subscriber {
  readonly peer: ClientPeer
  /** The address as the client knows it. */
  readonly name: string
}

/** What a 2026-07-28 server is asked to listen for. */
interface Listen {
  readonly controller: AbortController
  agreed: boolean
}

/**
 * Who is told when a resource changes. A server up to 2025-11-25 is asked by `resources/subscribe`, a later one by one
 * `subscriptions/listen` for each address. When it ends, they are told so, and ask again.
 */
export class Subscriptions {
  /** Own URI → session → who is told. */
  readonly #subscribers = new Map<string, Map<SessionId, Subscriber>>()
  /** Own URI → what a 2026-07-28 server listens for, or is being asked to, and its answer. */
  readonly #listening = new Map<string, Listen & { readonly reply: Promise<Reply> }>()
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
    if (this.envelope !== undefined && !this.#listening.has(uri)) this.#lost(uri) // agreed to, and ended at once
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

  /** One listens for all. */
  async #listen(uri: string, call: Equipped): Promise<Reply> {
    for (let other = this.#listening.get(uri); other; other = this.#listening.get(uri)) {
      try {
        return await untilAborted(other.reply, [call.signal, call.deadline])
      } catch {
        for (const signal of [call.signal, call.deadline]) signal.throwIfAborted() // or the call that asked was ended
      }
    }
    const listen: Listen = { controller: new AbortController(), agreed: false }
    const reply = this.#ask(uri, listen, call)
    this.#listening.set(uri, Object.assign(listen, { reply }))
    return reply
  }

  async #ask(uri: string, listen: Listen, call: Equipped): Promise<Reply> {
    const giveUp = () => listen.controller.abort(call.signal.reason ?? call.deadline.reason)
    for (const signal of [call.signal, call.deadline]) signal.addEventListener('abort', giveUp)
    try {
      const reply = await this.#answerOf(uri, listen)
      if (reply.kind === 'error') listen.controller.abort()
      return reply
    } finally {
      if (!listen.agreed) this.#listening.delete(uri)
      for (const signal of [call.signal, call.deadline]) signal.removeEventListener('abort', giveUp)
    }
  }

  /** @throws the reason of the signal; what the connection was closed with */
  #answerOf(uri: string, listen: Listen): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const params = (id: number) => {
        this.#acknowledged.set(id, (agreed) => {
          listen.agreed = includes(agreed, uri)
          resolve(listen.agreed ? done : untold)
        })
        return JSON.stringify({ notifications: { resourceSubscriptions: [uri] }, _meta: this.envelope })
      }
      const ended = this.connection.request('subscriptions/listen', params, { signals: [listen.controller.signal] })
      const isOver = () => {
        if (!listen.agreed || this.#listening.get(uri)?.controller !== listen.controller) return // or ended by us
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
    const listen = this.#listening.get(uri)
    if (!listen?.agreed) return // whoever asks just now wants it
    this.#listening.delete(uri)
    listen.controller.abort(new Error('nobody listens any more'))
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
