import { ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { JsonObject } from '../../shared/domain/json.ts'
import { jsonText } from '../../shared/domain/json-text.ts'
import type { RequestId } from '../../shared/wire/framing.ts'
import type { Face } from './mcp-face.ts'
import type { RequestContext } from './request-context.ts'

type CallRequest = Parameters<Face['serve']>[0]

const taken: readonly unknown[] = ['tools/call', 'tools/list']

/** Whether a lane takes this message from a client that `initialize` introduced. */
export function isServedPastSdk(message: unknown): message is CallRequest {
  const { method, id } = (message ?? {}) as { method?: unknown; id?: unknown }
  return taken.includes(method) && id !== undefined
}

/** The JSON text of a request's answer, result or error. */
export const answerText = (id: RequestId, answer: Promise<JsonObject>): Promise<string> =>
  answer.then(
    (result) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${jsonText(result)}}`,
    (error: unknown) => `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"error":${JSON.stringify(errorOf(error))}}`,
  )

/**
 * Tool calls and lists of a connection that `initialize` introduced, past the SDK's dispatcher: that one matches every
 * message five times with its schemas, a fifth of what a call costs, and makes a long list's JSON anew for every client.
 * Whatever else a client says goes to the SDK.
 */
export class CallLane {
  readonly #running = new Map<RequestId, AbortController>()
  /** Also those whose id was used again meanwhile. */
  readonly #all = new Set<AbortController>()
  #face: Face | undefined

  /** @param send writes one message's JSON text to the client; does nothing when it is gone */
  constructor(
    private readonly send: (text: string) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** @param face what the connection's client meets from now on */
  attach(face: Face): Face {
    this.#face = face
    return face
  }

  /** @returns whether this message was taken, and the SDK must not see it */
  takes(message: object): boolean {
    if (isServedPastSdk(message) && this.#face?.introducedAs !== undefined) {
      this.#answer(message.id, this.#face, message).catch(this.onError)
      return true
    }
    const { method, params } = message as { method?: unknown; params?: unknown }
    return method === 'notifications/cancelled' && this.#cancel(params)
  }

  /** What a server says between calls; nobody hears it before the client spoke, or once it left. */
  tell(method: string, params: JsonObject): void {
    const { server } = this.#face ?? {}
    if (server?.transport) server.notification({ method, params }).catch(this.onError)
  }

  /** The client left. */
  close(): void {
    for (const controller of this.#all) controller.abort()
    this.#all.clear()
    this.#running.clear()
  }

  async #answer(id: RequestId, face: Face, request: CallRequest): Promise<void> {
    const controller = new AbortController()
    this.#running.set(id, controller)
    this.#all.add(controller)
    const answer = await answerText(id, face.serve(request, this.#context(request, face, controller.signal)))
    this.#all.delete(controller)
    if (this.#running.get(id) === controller) this.#running.delete(id)
    if (!controller.signal.aborted) this.send(answer)
  }

  /** @see MCP 2025-11-25, basic/utilities/cancellation: a cancelled request is not answered */
  #cancel(params: unknown): boolean {
    const { requestId } = (params ?? {}) as { requestId?: RequestId }
    const controller = requestId === undefined ? undefined : this.#running.get(requestId)
    if (requestId === undefined || controller === undefined) return false
    this.#running.delete(requestId)
    controller.abort()
    return true
  }

  #context({ params }: CallRequest, { server }: Face, signal: AbortSignal): RequestContext {
    return {
      signal,
      _meta: params?._meta,
      requestState: () => undefined,
      notify: async (notification) => this.send(JSON.stringify({ jsonrpc: '2.0', ...notification })), // at once, so before the answer
      send: (request, schema, options) => server.request(request, schema, options),
    }
  }
}

function errorOf(error: unknown): JsonObject {
  const { code, message, data } = (error ?? {}) as { code?: unknown; message?: string; data?: JsonObject }
  return {
    code: Number.isSafeInteger(code) ? (code as number) : ProtocolErrorCode.InternalError,
    message: message ?? 'Internal error',
    ...(data === undefined ? {} : { data }),
  }
}
