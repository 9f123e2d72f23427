import type { IncomingHttpHeaders } from 'node:http'
import type { JSONRPCRequest } from '@modelcontextprotocol/server'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { RequestId } from '../../shared/wire/framing.ts'
import { answerText, isServedPastSdk } from './call-lane.ts'
import type { Face } from './mcp-face.ts'
import { checkedMessage } from './received-message.ts'
import type { RequestContext } from './request-context.ts'

/** Milliseconds a call may take, and say nothing meanwhile, to be answered by one JSON text instead of a stream. */
const inOnePieceMs = 100

/**
 * Tool calls and lists of a conversation over HTTP, past the SDK's transport: that one makes a stream of every answer and
 * matches every message several times, which costs more than the call itself. A call that takes longer, or whose server
 * has something to say first, goes on in a stream of the SDK's, which a client can come back to.
 * @see MCP 2025-11-25, transports, “Sending Messages to the Server”, 5: JSON or a stream
 */
export class HttpLane {
  readonly #running = new Set<LaneCall>()
  /** Calls that go on in the SDK's answer to this request. */
  readonly #handedOver = new WeakMap<Request, LaneCall>()

  constructor(private readonly face: Face) {
    face.underway = (request, ctx) => this.#handedOver.get(request)?.goOn(ctx)
  }

  /** @returns the call, begun, when the SDK need not see it: anything unusual about it is the SDK's to answer */
  take(headers: IncomingHttpHeaders, body: unknown): LaneCall | undefined {
    const { introducedAs } = this.face
    if (introducedAs === undefined || headers['mcp-protocol-version'] !== introducedAs) return undefined
    const { accept } = headers
    if (!accept?.includes('application/json') || !accept.includes('text/event-stream')) return undefined
    if (!isServedPastSdk(body) || 'refusal' in checkedMessage(body) || namesItsRevision(body)) return undefined
    const call = new LaneCall(this.face, body)
    this.#running.add(call)
    void call.over.then(() => this.#running.delete(call))
    return call
  }

  /** The SDK answers this request with what becomes of the call. */
  handOver(call: LaneCall, request: Request): void {
    this.#handedOver.set(request, call)
  }

  /** What is cancelled must be the SDK's by then: it knows how a cancelled request ends. */
  async beforeCancelled(body: unknown): Promise<void> {
    const { method, params } = (body ?? {}) as { method?: unknown; params?: { requestId?: unknown } }
    if (method !== 'notifications/cancelled') return
    for (const call of this.#running) if (call.id === params?.requestId) await call.outgrow()
  }

  /** The session is over. */
  close(): void {
    for (const call of this.#running) call.abort()
  }
}

/** From 2026-07-28 a request names its revision, and is another's to answer. */
const namesItsRevision = ({ params }: JSONRPCRequest): boolean =>
  Object.keys(params?._meta ?? {}).some((key) => key.startsWith('io.modelcontextprotocol/'))

/** One call, first on its own, then perhaps in a stream. */
export class LaneCall {
  readonly id: RequestId
  /** The whole answer's JSON text, or undefined when it takes a stream: then hand it over. */
  readonly answer: Promise<string | undefined>
  readonly over: Promise<void>
  readonly #controller = new AbortController()
  readonly #result: Promise<JsonObject>
  readonly #stream = Promise.withResolvers<RequestContext>()
  /** What the server said and is not yet on its way: it comes before the answer. */
  readonly #saying: Promise<void>[] = []
  #outgrown: () => void = () => {}

  constructor(face: Face, request: JSONRPCRequest) {
    this.id = request.id
    const outgrown = new Promise<undefined>((resolve) => {
      this.#outgrown = () => resolve(undefined)
    })
    const timer = setTimeout(this.#outgrown, inOnePieceMs)
    this.#result = face.serve(request, this.#context(request))
    const text = answerText(request.id, this.#result)
    this.over = text.then(() => clearTimeout(timer))
    this.answer = Promise.race([text, outgrown])
  }

  /** In the SDK's stream from now on. */
  async goOn(ctx: RequestContext): Promise<JsonObject> {
    ctx.signal.addEventListener('abort', () => this.abort(ctx.signal.reason))
    if (ctx.signal.aborted) this.abort(ctx.signal.reason)
    this.#stream.resolve(ctx)
    await this.over
    await Promise.allSettled(this.#saying.splice(0))
    return this.#result
  }

  /** Resolves when it is in a stream, or over. */
  async outgrow(): Promise<void> {
    this.#outgrown()
    await Promise.race([this.#stream.promise, this.over])
  }

  abort(reason?: unknown): void {
    this.#controller.abort(reason)
  }

  #context({ params }: JSONRPCRequest): RequestContext {
    return {
      signal: this.#controller.signal,
      _meta: params?._meta,
      requestState: () => undefined,
      notify: (notification) => this.#say(notification),
      send: async (request, schema, options) => (await this.#streamed()).send(request, schema, options),
    }
  }

  #say(notification: Parameters<RequestContext['notify']>[0]): Promise<void> {
    const said = this.#streamed().then((stream) => stream.notify(notification))
    this.#saying.push(said)
    return said
  }

  #streamed(): Promise<RequestContext> {
    this.#outgrown()
    return this.#stream.promise
  }
}
