import { randomUUID } from 'node:crypto'
import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { Equipped } from '../kernel/exchange.ts'

/** Milliseconds a server waits for the client to come back with its answers. */
const heldMs = 10 * 60_000
/** Calls of one server that may wait for answers at once; the oldest is ended for one more. */
const mostHeld = 64
/** By it a state of ours is told from a server's own. */
const statePrefix = 'gatehouse-held:'

interface Ask {
  readonly request: JsonObject
  readonly answer: (result: JsonObject) => void
  readonly refuse: (error: unknown) => void
}

/**
 * A server up to 2025-11-25 asks by a request of its own while a call runs; a client from 2026-07-28 is asked by the
 * call's result, and answers by calling again. The call stays open at the server meanwhile.
 * @see MCP 2026-07-28, multi round-trip requests
 */
export class HeldCalls {
  readonly #waiting = new Map<string, HeldCall>()
  readonly #current = new Map<Equipped, HeldCall>()

  /** @param postpones whether a deadline waits, because somebody thinks about a question */
  constructor(
    private readonly postpones: (call: Equipped, end: () => void) => boolean,
    private readonly patienceMs = heldMs,
  ) {}

  /** Calls that wait for their client. */
  get size(): number {
    return this.#waiting.size
  }

  /** The latest call that waits for its client: a server may ask more before it hears the first answer. */
  get latest(): Equipped | undefined {
    return [...this.#waiting.values()].at(-1)?.call
  }

  /**
   * @param send sends the call to the server; aborts it by the signal
   * @returns the server's answer, or what it asks first
   */
  async exchange(call: Equipped, send: (signal: AbortSignal) => Promise<Reply>): Promise<Reply> {
    const state = call.extra?.requestState
    const resumed = typeof state === 'string' && state.startsWith(statePrefix)
    const held = resumed ? this.#take(state) : new HeldCall(send)
    if (held === undefined) return gone
    held.call = call
    this.#current.set(call, held)
    const stop = held.follow([call.signal, call.deadline], (end) => this.postpones(call, end))
    try {
      if (resumed) held.answered(objectOf(call.extra?.inputResponses))
      const reply = await held.next()
      return 'asks' in reply ? this.#keep(held, reply.asks) : reply
    } finally {
      stop()
      this.#current.delete(call)
    }
  }

  /** The server asks while this call runs. */
  ask(call: Equipped, method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const held = this.#current.get(call) ?? [...this.#waiting.values()].find((waiting) => waiting.call === call)
    if (held === undefined) return Promise.reject(new Error('The call is over.'))
    return held.ask({ method, params }, signal)
  }

  #take(state: string): HeldCall | undefined {
    const held = this.#waiting.get(state)
    this.#waiting.delete(state)
    held?.stopWaiting()
    return held
  }

  #keep(held: HeldCall, inputRequests: JsonObject): Reply {
    const [oldest] = this.#waiting
    if (this.#waiting.size >= mostHeld && oldest) this.#take(oldest[0])?.end()
    const requestState = `${statePrefix}${randomUUID()}`
    this.#waiting.set(requestState, held)
    held.wait(this.patienceMs, () => this.#waiting.delete(requestState))
    return { kind: 'result', result: { resultType: 'input_required', inputRequests, requestState } }
  }
}

const gone: Reply = { kind: 'error', error: { code: -32_602, message: 'Invalid or expired requestState' } }

type Turn = Reply | { readonly asks: JsonObject }

class HeldCall {
  /** As it was made last. */
  call: Equipped | undefined
  readonly #controller = new AbortController()
  readonly #asks = new Map<string, Ask>()
  /** What the client was asked last. */
  #asked: readonly string[] = []
  readonly #reply: Promise<Reply>
  #count = 0
  #heard: (() => void) | undefined
  #patience: NodeJS.Timeout | undefined

  constructor(send: (signal: AbortSignal) => Promise<Reply>) {
    this.#reply = send(this.#controller.signal)
    this.#reply.catch(() => {}) // told to whoever comes back
  }

  /** What the server says next. What it asks in one go is asked in one go. */
  async next(): Promise<Turn> {
    const asked = new Promise<'asked'>((resolve) => {
      this.#heard = () => setImmediate(() => resolve('asked'))
    })
    if (this.#asks.size > 0) this.#heard?.()
    const turn = await Promise.race([this.#reply, asked])
    this.#heard = undefined
    if (turn !== 'asked') return turn
    if (this.#asks.size === 0) return this.next() // withdrawn meanwhile
    this.#asked = [...this.#asks.keys()]
    return { asks: Object.fromEntries([...this.#asks].map(([key, { request }]) => [key, request])) }
  }

  ask(request: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    const key = `question-${++this.#count}`
    return new Promise<JsonObject>((answer, refuse) => {
      this.#asks.set(key, { request, answer, refuse })
      signal.addEventListener('abort', () => this.#asks.delete(key) && refuse(signal.reason), { once: true })
      this.#heard?.()
    })
  }

  /** A question the client left out is refused: the server waits for nothing. */
  answered(responses: JsonObject): void {
    for (const key of this.#asked) {
      const ask = this.#asks.get(key)
      this.#asks.delete(key)
      const given = responses[key]
      if (given === undefined) ask?.refuse(new Error('The client did not answer this request.'))
      else ask?.answer(objectOf(given))
    }
  }

  /** Ends with the first of these. @returns the way to stop */
  follow(signals: readonly AbortSignal[], postpones: (end: () => void) => boolean): () => void {
    let over = false
    const endNow = () => {
      if (!over) this.end(signals.find(({ aborted }) => aborted)?.reason)
    }
    const end = () => {
      if (!postpones(endNow)) endNow()
    }
    for (const signal of signals) signal.addEventListener('abort', end)
    if (signals.some(({ aborted }) => aborted)) end()
    return () => {
      over = true
      for (const signal of signals) signal.removeEventListener('abort', end)
    }
  }

  wait(ms: number, forget: () => void): void {
    const over = () => {
      forget()
      this.end()
    }
    this.#patience = setTimeout(over, ms)
    this.#patience.unref()
  }

  stopWaiting(): void {
    clearTimeout(this.#patience)
  }

  end(reason: unknown = new Error('The client did not come back.')): void {
    this.stopWaiting()
    for (const { refuse } of this.#asks.values()) refuse(reason)
    this.#asks.clear()
    this.#controller.abort(reason)
  }
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
