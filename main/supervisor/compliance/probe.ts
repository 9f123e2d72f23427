import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import type { Confinement } from '../../sandbox/sandbox.ts'
import { envelope, type Introduction } from '../handshake.ts'
import { type ProcessEvents, startStdioProcess, type Warden } from '../hosts/stdio-host.ts'
import { beginningOf } from '../log-ring.ts'
import type { OpenRemote } from '../start-server.ts'
import { openRemoteLine, type ProbeLine } from './remote-line.ts'

/** What came back: a result, an error, or nothing in time. */
export type Answer =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | { readonly kind: 'error'; readonly error: JsonObject }
  | { readonly kind: 'silence' }

const silence: Answer = { kind: 'silence' }
const mostOddities = 20

/**
 * A conversation with one process, or with one server elsewhere, closer to the wire than `Connection`: it notes what is not as it should be, where a
 * connection only copes with it.
 */
export class Probe implements ProcessEvents {
  /** Lines on its output that are no JSON-RPC message. */
  readonly garbage: string[] = []
  /** What was wrong with its messages, each as a sentence’s end. */
  readonly oddities: string[] = []
  /** Requests it made although the client said it can do nothing. */
  readonly asked: string[] = []
  /** Errors without an id, as an answer to what cannot be read. */
  readonly unaddressed: JsonObject[] = []
  /** Why it is gone. */
  problem: string | undefined
  /** From 2026-07-28 every request introduces itself. */
  modern = false
  /** Requests nobody waits for any more. */
  readonly #late = new Set<string | number>()
  readonly #waiting = new Map<string | number, (answer: Answer) => void>()
  #line: ProbeLine | undefined
  #lastId = 0

  private constructor(
    private readonly introduction: Introduction,
    private readonly answerMs: number,
    /** Over the network nothing can be said that is no message. */
    readonly isRemote = false,
  ) {}

  /** @throws Error when it cannot be started */
  static async start(confinement: Confinement, warden: Warden, introduction: Introduction, answerMs: number) {
    const probe = new Probe(introduction, answerMs)
    const process = await startStdioProcess(confinement, warden, probe).catch(async (error: Error) => {
      await confinement.release()
      throw error
    })
    probe.#line = { send: (line) => process.send(line), stop: () => process.stop() }
    return probe
  }

  /** @throws RemoteProblem when it cannot be connected to; what keeps it from being used */
  static async over(open: OpenRemote, introduction: Introduction, answerMs: number) {
    const probe = new Probe(introduction, answerMs, true)
    probe.#line = await openRemoteLine(open, {
      message: (value) => probe.#message(value),
      garbage: (text) => probe.#push(probe.garbage, beginningOf(text, 200)),
      failed: (id, { status, message }) => {
        const answer: Answer = status === undefined ? silence : { kind: 'error', error: { code: status, message } }
        probe.#waiting.get(id)?.(answer)
      },
      ended: (problem) => probe.ended(problem),
    })
    return probe
  }

  /** @param id a text, to see whether it comes back as one */
  request(method: string, params: JsonObject = {}, options: { id?: string; ms?: number } = {}): Promise<Answer> {
    if (this.problem !== undefined) return Promise.resolve(silence)
    const id = options.id ?? ++this.#lastId
    const full = this.modern ? { ...params, _meta: envelope(this.introduction, {}) } : params
    return new Promise((resolve) => {
      const settle = (answer: Answer) => {
        clearTimeout(timer)
        this.#waiting.delete(id)
        resolve(answer)
      }
      const giveUp = () => {
        this.#late.add(id)
        settle(silence)
      }
      const timer = setTimeout(giveUp, options.ms ?? this.answerMs)
      this.#waiting.set(id, settle)
      const line = JSON.stringify({ jsonrpc: '2.0', id, method, params: full })
      this.#line?.send(line, { id, method }, this.modern || method === 'server/discover')
    })
  }

  notify(method: string, params: JsonObject = {}): void {
    this.#line?.send(JSON.stringify({ jsonrpc: '2.0', method, params }), { method }, this.modern)
  }

  raw(line: string): void {
    this.#line?.send(line, {}, this.modern)
  }

  /** Whether it still answers. */
  async isAlive(): Promise<boolean> {
    if (this.modern) return (await this.request('server/discover')).kind !== 'silence'
    return (await this.request('ping')).kind !== 'silence'
  }

  async stop(): Promise<void> {
    await this.#line?.stop()
  }

  line(line: string): void {
    const message = parsed(line)
    if (message === undefined) this.#push(this.garbage, beginningOf(line, 200))
    else this.#message(message)
  }

  #message(message: unknown): void {
    if (typeof message !== 'object' || message === null) this.#odd('it sends messages that are no objects')
    else if (Array.isArray(message)) this.#odd('it sends several messages in one array')
    else this.#take(message as JsonObject)
  }

  stderr(): void {} // the server’s own log is not part of this

  ended(problem: string): void {
    this.problem = problem
    for (const settle of [...this.#waiting.values()]) settle(silence)
  }

  #take(message: JsonObject): void {
    const { id, method } = message
    if (message.jsonrpc !== '2.0') this.#odd('it sends messages without "jsonrpc": "2.0"')
    if (typeof method === 'string') this.#asks(id, method)
    else if (typeof id === 'string' || typeof id === 'number') this.#answered(id, message)
    else if (message.error !== undefined) this.#push(this.unaddressed, objectOf(message.error))
    else this.#odd('it sends messages that are no request, no answer and no notification')
  }

  #asks(id: Json | undefined, method: string): void {
    if (id === undefined) return
    this.#push(this.asked, method)
    this.raw(JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32_601, message: 'Method not found' } }))
  }

  #answered(id: string | number, { result, error }: JsonObject): void {
    const settle = this.#waiting.get(id)
    if ((result === undefined) === (error === undefined))
      this.#odd('it answers with both a result and an error, or neither')
    if (settle && error === undefined) settle({ kind: 'result', result: objectOf(result) })
    else if (settle) settle({ kind: 'error', error: objectOf(error) })
    else if (!this.#late.delete(id)) this.#odd('it answers with ids nobody asked with, or answers twice')
  }

  #odd(what: string): void {
    if (!this.oddities.includes(what)) this.#push(this.oddities, what)
  }

  #push<T>(list: T[], one: T): void {
    if (list.length < mostOddities) list.push(one)
  }
}

function parsed(line: string): object | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

export const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
