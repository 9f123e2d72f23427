import type { JsonObject } from '../../shared/domain/json.ts'
import type { RequestId } from '../../shared/wire/framing.ts'
import type { GatewayParts } from './gateway.ts'
import { type WatchContext, Watching, type WatchingPeer } from './watching.ts'

const revision = '2026-07-28'
/** Resources one connection may listen to at once. */
const mostUris = 1000

/** A message as far as it matters here. */
interface ListenRequest {
  readonly method?: unknown
  readonly id?: RequestId
  readonly params?: { readonly notifications?: { readonly resourceSubscriptions?: unknown } }
}

export const listensToResources = (message: object): message is ListenRequest & { readonly id: RequestId } => {
  const { method, id, params } = message as ListenRequest
  const uris = params?.notifications?.resourceSubscriptions
  return method === 'subscriptions/listen' && id !== undefined && Array.isArray(uris) && uris.length > 0
}

/**
 * `subscriptions/listen` of a client from 2026-07-28: every address in it becomes a `resources/subscribe` through the
 * kernel, as an earlier client would ask for it; one that is refused is left out of what is agreed.
 */
export class Listening {
  readonly #uris = new Map<unknown, Set<string>>()
  readonly #listeners = new Map<string, number>()
  readonly #watching: Watching
  readonly #peer: WatchingPeer

  /** @param tell passes a notification on to the client */
  constructor(context: WatchContext, parts: GatewayParts, tell: (method: string, params: JsonObject) => void) {
    this.#watching = new Watching(context, parts, (uri) => this.#forget(uri))
    this.#peer = { protocol: revision, notify: tell }
  }

  /**
   * @param key by which `end` finds it
   * @returns the message with the addresses that are listened to now
   */
  async begin<T extends object>(key: unknown, message: T): Promise<T> {
    const { params } = message as ListenRequest
    const wanted = params?.notifications?.resourceSubscriptions
    const texts = Array.isArray(wanted) ? wanted.filter((uri): uri is string => typeof uri === 'string') : []
    const uris = [...new Set(texts)].slice(0, mostUris)
    const agreed = new Set<string>()
    this.#uris.set(key, agreed)
    for (const uri of uris) if (await this.#subscribed(uri)) agreed.add(uri)
    if (!this.#uris.has(key)) for (const uri of agreed) this.#leave(uri) // ended meanwhile
    return {
      ...message,
      params: { ...params, notifications: { ...params?.notifications, resourceSubscriptions: [...agreed] } },
    }
  }

  end(key: unknown): void {
    const uris = this.#uris.get(key)
    this.#uris.delete(key)
    for (const uri of uris ?? []) this.#leave(uri)
  }

  close(): void {
    for (const key of [...this.#uris.keys()]) this.end(key)
    this.#watching.close()
  }

  async #subscribed(uri: string): Promise<boolean> {
    const listeners = this.#listeners.get(uri) ?? 0
    if (listeners === 0 && !(await this.#asked('resources/subscribe', uri))) return false
    this.#listeners.set(uri, (this.#listeners.get(uri) ?? 0) + 1)
    return true
  }

  #leave(uri: string): void {
    const listeners = (this.#listeners.get(uri) ?? 1) - 1
    if (listeners > 0) this.#listeners.set(uri, listeners)
    else {
      this.#listeners.delete(uri)
      void this.#asked('resources/unsubscribe', uri)
    }
  }

  /** Nobody is told of it any more: who listens next is asked for anew. */
  #forget(uri: string): void {
    this.#listeners.delete(uri)
    for (const uris of this.#uris.values()) uris.delete(uri)
  }

  /** @returns whether it was allowed and the server agreed */
  async #asked(method: 'resources/subscribe' | 'resources/unsubscribe', uri: string): Promise<boolean> {
    try {
      return (await this.#watching.ask(method, uri, this.#peer)).kind === 'result'
    } catch {
      return false // refused, and recorded by the kernel
    }
  }
}
