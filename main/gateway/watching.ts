import { setTimeout as sleep } from 'node:timers/promises'
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
const passing: readonly string[] = [
  'server.failed',
  'server.crashed',
  'limits.busy',
  'limits.rate',
  'limits.server-rate',
  'limits.deadline',
]

/** How lost resources are asked for again, in milliseconds. */
export interface Pace {
  /** Before each time in a row. */
  readonly pausesMs: readonly number[]
  /** A watch that held so long was a good one: the next loss begins anew. */
  readonly heldMs: number
  /** Between two resources: a server tells of many, and may not be asked for all of them in one instant. */
  readonly gapMs: number
}
const usualPace: Pace = { pausesMs: usualPausesMs, heldMs: 60_000, gapMs: 50 }

/** A resource that was lost, from then on. */
interface Loss {
  /** The place in the pauses; a success alone does not begin anew, as a server may agree and end at once for ever. */
  place: number
  /** When it was agreed to again; undefined while it is not. */
  sinceMs: number | undefined
  /** It was lost again while it was asked for. */
  again: boolean
}

/**
 * The resources one client watches. A server that ends forgets them: it is then asked again, through the kernel as at first,
 * and the resource counts as changed once. So it does when that fails for good: the client reads, and hears what is wrong.
 */
export class Watching {
  readonly #watched = new Set<string>()
  readonly #losses = new Map<string, Loss>()
  readonly #closed = new AbortController()
  #nextMs = 0

  /** @param givenUp told of each resource nobody is told of any more, before its client hears of it */
  constructor(
    private readonly context: WatchContext,
    private readonly parts: Pick<GatewayParts, 'handle' | 'newTrail'>,
    private readonly givenUp: (uri: string) => void = () => {},
    private readonly pace = usualPace,
  ) {}

  /** What a client asked for itself was agreed to. */
  agreed(method: ExchangeMethod, uri: string): void {
    if (method === 'resources/subscribe' && !this.#closed.signal.aborted) this.#watched.add(uri)
    if (method === 'resources/unsubscribe') this.#forget(uri)
  }

  /** @throws what the kernel refuses it with */
  async ask(method: WatchMethod, uri: string, peer: WatchingPeer): Promise<Reply> {
    const reply = await this.#asked(method, uri, peer, new AbortController().signal)
    if (reply.kind === 'result') this.agreed(method, uri)
    return reply
  }

  /** The server that told of it ended. */
  lost(uri: string, peer: WatchingPeer): void {
    const before = this.#losses.get(uri)
    if (before && before.sinceMs === undefined) {
      before.again = true
      return
    }
    const held = before?.sinceMs === undefined || performance.now() - before.sinceMs >= this.pace.heldMs
    const loss: Loss = { place: held ? 0 : before.place, sinceMs: undefined, again: false }
    this.#losses.set(uri, loss)
    void this.#askAgain(uri, loss, peer)
  }

  /** The client left. */
  close(): void {
    this.#watched.clear()
    this.#losses.clear()
    this.#closed.abort()
  }

  #asked(method: WatchMethod, uri: string, peer: WatchingPeer, signal: AbortSignal): Promise<Reply> {
    const { door, credential, view } = this.context
    return this.parts.handle({
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
      signal,
      trail: this.parts.newTrail(),
    })
  }

  /** @returns undefined when it may work the next time */
  async #agreesAgain(uri: string, peer: WatchingPeer): Promise<boolean | undefined> {
    try {
      return (await this.#asked('resources/subscribe', uri, peer, this.#closed.signal)).kind === 'result'
    } catch (error) {
      return error instanceof GatehouseError && passing.includes(error.code) ? undefined : false
    }
  }

  async #askAgain(uri: string, loss: Loss, peer: WatchingPeer): Promise<void> {
    for (let agrees: boolean | undefined; agrees !== false && loss.place < this.pace.pausesMs.length; ) {
      await this.#pause(this.pace.pausesMs[loss.place] ?? 0)
      if (!this.#isWanted(uri, loss)) return
      loss.place += 1
      loss.again = false
      agrees = await this.#agreesAgain(uri, peer)
      if (!this.#isWanted(uri, loss)) return void (agrees && this.#takenBack(uri, peer))
      if (agrees && !loss.again) {
        loss.sinceMs = performance.now()
        return this.#changed(uri, peer)
      }
    }
    this.#forget(uri)
    this.givenUp(uri)
    this.#changed(uri, peer)
  }

  /** @returns whether it is watched, and was not taken back meanwhile */
  #isWanted(uri: string, loss: Loss): boolean {
    if (this.#losses.get(uri) !== loss) return false
    if (!this.#watched.has(uri)) this.#losses.delete(uri)
    return this.#watched.has(uri)
  }

  /** The client took it back, or left, while the server was asked for it. */
  #takenBack(uri: string, peer: WatchingPeer): void {
    if (this.#watched.has(uri)) return // and asked for it again
    this.#asked('resources/unsubscribe', uri, peer, new AbortController().signal).catch(() => {}) // the kernel recorded it
  }

  #forget(uri: string): void {
    this.#watched.delete(uri)
    this.#losses.delete(uri)
  }

  #changed(uri: string, peer: WatchingPeer): void {
    peer.notify('notifications/resources/updated', { uri } satisfies JsonObject)
  }

  /** Until this one's turn after the pause: one after another. */
  async #pause(pauseMs: number): Promise<void> {
    await sleep(pauseMs, undefined, { ref: false })
    const nowMs = performance.now()
    const atMs = Math.max(nowMs, this.#nextMs)
    this.#nextMs = atMs + this.pace.gapMs
    if (atMs > nowMs) await sleep(atMs - nowMs, undefined, { ref: false })
  }
}
