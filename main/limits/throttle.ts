import type { Client, ExchangeMethod } from '../../shared/domain/call.ts'
import type { ClientId } from '../../shared/domain/ids.ts'
import { rateLimited } from '../../shared/errors.ts'

export interface ThrottleSettings {
  /** Exchanges of one method a client may make in a window. */
  readonly callsPerWindow: number
  readonly windowMs: number
  /** Kept out for so long once it makes more. */
  readonly blockedMs: number
}

/** Generous: a model cannot reach a million calls a minute, a loop gone wild can. @see spec/platform.md, B */
export const defaultThrottle: ThrottleSettings = {
  callsPerWindow: 1_000_000,
  windowMs: 60_000,
  blockedMs: 5 * 60_000,
}

interface Window {
  startedMs: number
  count: number
  blockedUntilMs: number
}

/**
 * Counts calls per client and method in fixed windows. An own counter, because `throttle` is a synchronous step on every
 * call and rate-limiting libraries answer with a promise (test/bench/policy-decision.ts measures both).
 */
export class Throttle {
  readonly #blockedUntil = new Map<ClientId, number>()
  readonly #windows = new Map<ClientId, Map<ExchangeMethod, Window>>()

  constructor(
    private readonly settings: () => ThrottleSettings = () => defaultThrottle,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @throws limits.rate, saying in how many seconds the client may go on */
  pass(client: Client, method: ExchangeMethod): void {
    const now = this.nowMs()
    if (this.#blockedUntil.size > 0) this.#refuseBlocked(client, now)
    const window = this.#window(client.id, method, now)
    if (now < window.blockedUntilMs) throw rateLimited(client.name, seconds(window.blockedUntilMs - now))
    const settings = this.settings()
    if (now - window.startedMs >= settings.windowMs) begin(window, now)
    window.count += 1
    if (window.count <= settings.callsPerWindow) return
    begin(window, now)
    window.blockedUntilMs = now + settings.blockedMs
    throw rateLimited(client.name, seconds(settings.blockedMs))
  }

  /** Nothing of this client passes for so long, whatever it calls. */
  block(client: ClientId, ms: number): void {
    this.#blockedUntil.set(client, this.nowMs() + ms)
  }

  /** Forgets a client that is gone. */
  forget = (client: ClientId): boolean => this.#windows.delete(client)

  #refuseBlocked({ id, name }: Client, now: number): void {
    const until = this.#blockedUntil.get(id)
    if (until === undefined) return
    if (now < until) throw rateLimited(name, seconds(until - now))
    this.#blockedUntil.delete(id)
  }

  #window(client: ClientId, method: ExchangeMethod, now: number): Window {
    let methods = this.#windows.get(client)
    if (methods === undefined) {
      methods = new Map()
      this.#windows.set(client, methods)
    }
    let window = methods.get(method)
    if (window === undefined) {
      window = { startedMs: now, count: 0, blockedUntilMs: 0 }
      methods.set(method, window)
    }
    return window
  }
}

function begin(window: Window, now: number): void {
  window.startedMs = now
  window.count = 0
}

const seconds = (ms: number) => Math.max(1, Math.ceil(ms / 1000))
