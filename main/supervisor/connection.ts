import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'

/** What a wire that is more than a pipe has to know of a message: HTTP says some of it in headers. */
export interface Outgoing {
  /** Of a request; it wants an answer. */
  readonly id?: string | number
  /** Left out for an answer. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** The request this notification cancels. */
  readonly cancels?: number
}

/** What goes up and down a pipe to one server process, or over the network. */
export interface Wire {
  /** One message, without its newline. */
  send(line: string, about: Outgoing): void
  /** The server reads nothing while much waits for it: it is to get no more calls for now. */
  isFull?(): boolean
}

export interface Progress {
  readonly progress: number
  readonly total?: number
  readonly message?: string
}

export interface RequestOptions {
  readonly onProgress?: (progress: Progress) => void
  /** The first to abort ends the waiting: the server is told by notifications/cancelled, the promise rejects with its reason. */
  readonly signals?: readonly AbortSignal[]
  /** Asked before a signal ends the waiting. @returns whether it is put off; `end` then ends it, if it is still going on */
  readonly postpones?: (end: () => void) => boolean
  /** Beside the message, where the wire carries headers. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface ServerSide {
  /** A request the server makes. A rejection is answered as a JSON-RPC error. */
  request(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject>
  notified(method: string, params: JsonObject): void
  /** A line that is no JSON-RPC message. */
  garbage(line: string): void
}

/** Requests of a server that may be open at once; one more is refused. */
const mostServing = 32

interface Waiting {
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
  readonly onProgress: ((progress: Progress) => void) | undefined
  readonly stopListening: (() => void) | undefined
}

interface Message {
  readonly id?: unknown
  readonly method?: unknown
  readonly params?: unknown
  readonly result?: unknown
  readonly error?: unknown
}

/**
 * JSON-RPC with one server, one line a message. Results and errors pass as they came: a gateway must lose nothing, and
 * the SDK's client parses every result, drops `resultType` and refuses what it does not know.
 */
export class Connection {
  readonly #waiting = new Map<number, Waiting>()
  readonly #serving = new Map<string | number, AbortController>()
  #nextId = 1
  #closed: Error | undefined

  constructor(
    private readonly wire: Wire,
    private readonly side: ServerSide,
  ) {}

  get inFlight(): number {
    return this.#waiting.size
  }

  get isFull(): boolean {
    return this.wire.isFull?.() ?? false
  }

  /**
   * @param paramsFor JSON text of the parameters, which may carry the request's id as progress token; text, so that
   *   approved arguments are sent exactly as they were judged
   * @throws what `close` was given, or the reason of the signal that aborted
   */
  request(method: string, paramsFor: (id: number) => string, options: RequestOptions = {}): Promise<Reply> {
    if (this.#closed) return Promise.reject(this.#closed)
    for (const signal of options.signals ?? []) if (signal.aborted) return Promise.reject(signal.reason)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const line = `{"jsonrpc":"2.0","id":${id},"method":"${method}","params":${paramsFor(id)}}`
      const stopListening = options.signals && this.#cancelOn(options.signals, id, method, options.postpones)
      this.#waiting.set(id, { resolve, reject, onProgress: options.onProgress, stopListening })
      this.wire.send(line, { id, method, ...(options.headers ? { headers: options.headers } : {}) })
    })
  }

  notify(method: string, params?: JsonObject): void {
    if (this.#closed) return
    this.wire.send(JSON.stringify({ jsonrpc: '2.0', method, ...(params ? { params } : {}) }), { method })
  }

  /** One line from the server. Never throws: whatever a server sends, it disturbs nobody but itself. */
  received(line: string): void {
    try {
      const message = parsed(line)
      for (const one of Array.isArray(message) ? message : [message]) {
        if (typeof one === 'object' && one !== null) this.#take(one as Message, line)
        else this.side.garbage(line)
      }
    } catch {
      this.side.garbage(line)
    }
  }

  /** One message that was parsed on its way. Never throws. */
  receivedValue(value: unknown): void {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) this.#take(value as Message, 'an object')
    else this.side.garbage('a message that is no object')
  }

  /** The wire says that this request will not be answered. */
  failed(id: string | number, error: Error): void {
    const waiting = this.#waiting.get(Number(id))
    if (waiting === undefined) return
    this.#waiting.delete(Number(id))
    waiting.stopListening?.()
    waiting.reject(error)
  }

  /** Rejects everything that waits, ends everything the server asked for. */
  close(error: Error): void {
    if (this.#closed) return
    this.#closed = error
    for (const waiting of this.#waiting.values()) {
      waiting.stopListening?.()
      waiting.reject(error)
    }
    this.#waiting.clear()
    for (const serving of this.#serving.values()) serving.abort(error)
    this.#serving.clear()
  }

  #take(message: Message, line: string): void {
    if (typeof message.method === 'string') {
      if (message.id === undefined) this.#notified(message.method, asObject(message.params))
      else if (isId(message.id)) void this.#serve(message.id, message.method, asObject(message.params))
      else this.side.garbage(line)
    } else if (isId(message.id)) {
      this.#answered(ownId(message.id), message)
    } else if (message.error === undefined) this.side.garbage(line)
  }

  #answered(id: number, message: Message): void {
    const waiting = this.#waiting.get(id)
    if (waiting === undefined) return // cancelled meanwhile
    this.#waiting.delete(id)
    waiting.stopListening?.()
    waiting.resolve(
      message.error === undefined
        ? { kind: 'result', result: asObject(message.result) }
        : { kind: 'error', error: asError(message.error) },
    )
  }

  #notified(method: string, params: JsonObject): void {
    if (method === 'notifications/progress') {
      const { progressToken } = params
      if (isId(progressToken)) this.#waiting.get(ownId(progressToken))?.onProgress?.(asProgress(params))
    } else if (method === 'notifications/cancelled') {
      this.#serving.get(params.requestId as string | number)?.abort(new Error('cancelled by the server'))
    } else this.side.notified(method, params)
  }

  async #serve(id: string | number, method: string, params: JsonObject): Promise<void> {
    if (this.#serving.size >= mostServing) return this.wire.send(answerLine(id, { error: errorFor(tooMany()) }), {})
    const controller = new AbortController()
    this.#serving.set(id, controller)
    const answer = await this.#answerTo(method, params, controller.signal)
    this.#serving.delete(id)
    if (!this.#closed && !controller.signal.aborted) this.wire.send(answerLine(id, answer), {})
  }

  async #answerTo(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    try {
      return { result: await this.side.request(method, params, signal) }
    } catch (error) {
      return { error: errorFor(error) }
    }
  }

  #tellCancelled(id: number): void {
    const params = `{"requestId":${id},"reason":"cancelled"}`
    const method = 'notifications/cancelled'
    this.wire.send(`{"jsonrpc":"2.0","method":"${method}","params":${params}}`, { method, cancels: id })
  }

  #cancelOn(
    signals: readonly AbortSignal[],
    id: number,
    method: string,
    postpones: RequestOptions['postpones'],
  ): () => void {
    const end = () => {
      const waiting = this.#waiting.get(id)
      if (waiting === undefined) return
      this.#waiting.delete(id)
      waiting.stopListening?.()
      if (method !== 'initialize') this.#tellCancelled(id)
      waiting.reject(signals.find((signal) => signal.aborted)?.reason)
    }
    const cancel = () => {
      if (!postpones?.(end)) end()
    }
    for (const signal of signals) signal.addEventListener('abort', cancel)
    return () => {
      for (const signal of signals) signal.removeEventListener('abort', cancel)
    }
  }
}

/** A refusal with a JSON-RPC code, for requests a server makes. */
export class RpcRefusal extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly data?: Json,
  ) {
    super(message)
  }
}

const tooMany = () => new RpcRefusal(-32603, 'There are too many requests of this server that nobody answered yet.')
/** Ids are numbers here; a server may write one back as text, but only digit for digit. */
const ownId = (id: string | number): number => (String(Number(id)) === String(id) ? Number(id) : Number.NaN)
const isId = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'

/** An answer that JSON cannot carry, or that is nested too deeply to be written, becomes an error. */
function answerLine(id: string | number, answer: JsonObject): string {
  try {
    return JSON.stringify({ jsonrpc: '2.0', id, ...answer })
  } catch {
    return JSON.stringify({ jsonrpc: '2.0', id, error: { code: -32603, message: 'The answer could not be written.' } })
  }
}

function errorFor(error: unknown): JsonObject {
  if (error instanceof RpcRefusal)
    return { code: error.code, message: error.message, ...(error.data === undefined ? {} : { data: error.data }) }
  const { code, message, data } = (error ?? {}) as { code?: unknown; message?: unknown; data?: Json }
  if (typeof code === 'number' && typeof message === 'string')
    return { code, message, ...(data === undefined ? {} : { data }) }
  return { code: -32603, message: 'The client did not answer this request.' }
}

function parsed(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? (value as Message) : undefined
  } catch {
    return undefined
  }
}

const asObject = (value: unknown): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}

function asError(value: unknown): { code: number; message: string; data?: Json } {
  const { code, message, data } = asObject(value)
  return {
    code: typeof code === 'number' ? code : -32603,
    message: typeof message === 'string' ? message : 'The server reported an error.',
    ...(data === undefined ? {} : { data }),
  }
}

function asProgress(params: JsonObject): Progress {
  const { progress, total, message } = params
  return {
    progress: typeof progress === 'number' ? progress : 0,
    ...(typeof total === 'number' ? { total } : {}),
    ...(typeof message === 'string' ? { message } : {}),
  }
}
