import type { ClientPeer, ExchangeMethod, Reply } from '../../shared/domain/call.ts'
import { type EpochMs, newId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { GatehouseError } from '../../shared/errors.ts'
import type { GatewayParts } from './gateway.ts'
import type { FaceContext } from './mcp-face.ts'

export type WatchContext = Omit<FaceContext, 'announces'>
type WatchMethod = Extract<ExchangeMethod, 'resources/subscribe' | 'resources/unsubscribe'>
/** What a subscription needs of the way back to its client. */
export type WatchingPeer = Pick<ClientPeer, 'protocol' | 'notify'>

/** Milliseconds before a server that ended is asked again: it may have to rest, and to be repaired. */
const usualPausesMs: readonly number[] = [500, 2_000, 10_000, 60_000]
/** It may work the next time. */
const passing: readonly string[] = ['server.failed', 'server.crashed', 'limits.busy']

/**
 * The resources one client watches. A server that ends forgets them: it is then asked again, through the kernel as at first,
 * and the resource counts as changed once. So it does when that fails for good: the client reads, and hears what is wrong.
 */
export class Watching {
  readonly #watched = new Set<string>()
  readonly #again = new Set<string>()

  constructor(
    private readonly context: WatchContext,
    private readonly parts: Pick<GatewayParts, 'handle' | 'newTrail'>,
    private readonly pausesMs = usualPausesMs,
  ) {}

  /** What a client asked for itself was agreed to. */
  agreed(method: ExchangeMethod, uri: string): void {
    if (method === 'resources/subscribe') this.#watched.add(uri)
    if (method === 'resources/unsubscribe') this.#watched.delete(uri)
  }

  /** @throws what the kernel refuses it with */
  async ask(method: WatchMethod, uri: string, peer: WatchingPeer): Promise<Reply> {
    const { door, credential, view } = this.context
    const reply = await this.parts.handle({
      callId: newId('call'),
      receivedAt: Date.now() as EpochMs,
      startedMs: performance.now(),
      door,
      credential,
      method,
      target: uri,
      arguments: {},
      ...(view ? { view } : {}),
      peer: {
        protocol: peer.protocol,
        capabilities: {},
        progress: () => {},
        request: () => Promise.reject(new Error('A subscription answers nothing.')),
        notify: (notification, params) => peer.notify(notification, params),
        lost: () => this.lost(uri, peer),
      },
      signal: new AbortController().signal,
      trail: this.parts.newTrail(),
    })
    if (reply.kind === 'result') this.agreed(method, uri)
    return reply
  }

  /** The server that told of it ended. */
  lost(uri: string, peer: WatchingPeer): void {
    if (this.#again.has(uri)) return
    this.#again.add(uri)
    void this.#askedAgain(uri, peer).then((goesOn) => {
      this.#again.delete(uri)
      if (!this.#watched.has(uri)) return
      if (!goesOn) this.#watched.delete(uri)
      peer.notify('notifications/resources/updated', { uri } satisfies JsonObject)
    })
  }

  /** The client left. */
  close(): void {
    this.#watched.clear()
  }

  async #askedAgain(uri: string, peer: WatchingPeer): Promise<boolean> {
    for (const pauseMs of this.pausesMs) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs).unref())
      if (!this.#watched.has(uri)) return false
      try {
        return (await this.ask('resources/subscribe', uri, peer)).kind === 'result'
      } catch (error) {
        if (!(error instanceof GatehouseError) || !passing.includes(error.code)) return false
      }
    }
    return false
  }
}
