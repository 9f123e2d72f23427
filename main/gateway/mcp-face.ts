import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type JSONRPCRequest,
  LOG_LEVEL_META_KEY,
  McpServer,
  ProtocolError,
  ProtocolErrorCode,
  type Result,
  type Transport,
} from '@modelcontextprotocol/server'
import { type ClientPeer, type Credential, type Door, exchangeMethods, type Reply } from '../../shared/domain/call.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import { type EpochMs, newId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Received } from '../kernel/exchange.ts'
import { asItIs, callPeer, clientPatienceMs } from './call-peer.ts'
import { type ExchangeRequest, readRequest } from './exchange-request.ts'
import type { GatewayParts, Viewer } from './gateway.ts'
import { answeredByRequests, isInputRequired } from './input-rounds.ts'
import { instructing } from './instructing.ts'
import { wantsLevel } from './log-levels.ts'
import { type ListShape, listResult } from './pages.ts'
import { isLegacyNotFound, refused, resourceNotFoundCode, unwrapped } from './protocol-errors.ts'
import type { RequestContext } from './request-context.ts'
import type { TaskTerms } from './tasks/task-desk.ts'
import { answerTaskRequest, offerTasks, takeTaskRequests, taskMethods } from './tasks/task-requests.ts'
import { tasksExtension } from './tasks/task-shapes.ts'
import { onTaskState } from './tasks/task-states.ts'
import { Watching } from './watching.ts'

export interface FaceContext extends Viewer {
  readonly door: Door
  readonly credential: Credential
  /** Tells this connection of changed lists and of what servers say between calls. Off for a face that lives for one request. */
  readonly announces: boolean
}

const kinds = {
  'tools/list': { kind: 'tool', member: 'tools', key: 'name' },
  'resources/list': { kind: 'resource', member: 'resources', key: 'uri' },
  'resources/templates/list': { kind: 'resource-template', member: 'resourceTemplates', key: 'uriTemplate' },
  'prompts/list': { kind: 'prompt', member: 'prompts', key: 'name' },
} as const satisfies Record<string, ListShape & { kind: EntryKind }>

const servedMethods: ReadonlySet<string> = new Set([...Object.keys(kinds), ...exchangeMethods, ...taskMethods])
const oldestProtocol = '2024-11-05'

/** What Gatehouse looks like to one client: an MCP server for one connection or one request. */
export function mcpFace(context: FaceContext, parts: GatewayParts): Face {
  return new Face(context, parts)
}

/**
 * Requests are served by the fallback handler, so that what passes through is neither parsed a second time nor reduced
 * to what the SDK's schemas know.
 */
export class Face extends McpServer {
  readonly #stops: (() => void)[] = []
  /** A call that was begun before the SDK saw its request. @returns undefined when there is none */
  underway: ((request: Request, ctx: RequestContext) => Promise<JsonObject> | undefined) | undefined
  readonly #watching: Watching
  #logLevel: string | undefined
  #touched = false

  constructor(
    private readonly context: FaceContext,
    private readonly parts: GatewayParts,
  ) {
    super({ name: 'gatehouse', title: 'Gatehouse', version: parts.version })
    this.#watching = new Watching(context, parts)
    this.server.registerCapabilities({
      tools: { listChanged: true },
      resources: { subscribe: true, listChanged: true },
      prompts: { listChanged: true },
      completions: {},
      logging: {},
      ...(parts.tasks ? { extensions: { [tasksExtension]: {} } } : {}),
    })
    instructing(this.server, () => parts.catalog.instructions(context))
    this.server.setRequestHandler('logging/setLevel', ({ params }) => {
      this.#logLevel = params.level
      return {}
    })
    this.server.setNotificationHandler('notifications/roots/list_changed', () =>
      parts.tellServers?.(context.session.id, 'notifications/roots/list_changed'),
    )
    if (parts.tasks) takeTaskRequests(this.server, (request, ctx) => this.serve(request, ctx))
    this.server.oninitialized = () => {
      this.#touch()
      parts.onReady?.(context.session.id, this.#peerBetweenCalls())
    }
    this.server.onerror = (error) => parts.onError(error)
    this.server.onclose = () => {
      for (const stop of this.#stops.splice(0)) stop()
      this.#watching.close()
    }
  }

  override async connect(transport: Transport): Promise<void> {
    keepNotFound(transport)
    if (this.parts.tasks) offerTasks(transport)
    if (this.context.announces) this.#announce()
    await super.connect(transport)
    this.#serveOnlyWhatIsServed(transport)
  }

  /** What nobody serves is left to the SDK, whose HTTP entry answers it with its own status. */
  #serveOnlyWhatIsServed(transport: Transport): void {
    const deliver = transport.onmessage
    const serve = (request: JSONRPCRequest, { mcpReq, http }: { mcpReq: RequestContext; http?: { req?: Request } }) =>
      ((http?.req && this.underway?.(http.req, mcpReq)) ?? this.serve(request, mcpReq)) as Promise<Result>
    transport.onmessage = (message, extra) => {
      const served = 'method' in message && servedMethods.has(message.method)
      if (served) this.server.fallbackRequestHandler = serve
      else delete this.server.fallbackRequestHandler
      deliver?.(message, extra)
    }
  }

  /** The HTTP entry checks `Mcp-Param-*` headers against it. @see MCP 2026-07-28, Streamable HTTP, custom headers */
  override toolInputSchemaJson(name: string): Record<string, unknown> | undefined {
    return this.#tool(name)?.inputSchema as Record<string, unknown> | undefined
  }

  /** Whoever may not call may not look either. */
  #listed(kind: EntryKind, method: string): readonly JsonObject[] {
    const { session } = this.context
    try {
      this.parts.sessions.find(session.id)
    } catch (error) {
      refused(error, method, '', this.#protocol)
    }
    this.#touch()
    return this.parts.catalog.list(kind, this.context)
  }

  #tool(name: string): JsonObject | undefined {
    return this.parts.catalog.tool(name, this.context)
  }

  #touch(): void {
    this.#touched = true
    this.parts.sessions.touch?.(this.context.session.id, this.#protocol)
  }

  /** The revision that `initialize` agreed on; undefined before, and from 2026-07-28, where each request names its own. */
  get introducedAs(): string | undefined {
    const protocol = this.server.getNegotiatedProtocolVersion()
    return protocol === undefined || protocol >= '2026' ? undefined : protocol
  }

  /** @throws ProtocolError what the client is answered */
  async serve(request: JSONRPCRequest, ctx: RequestContext): Promise<JsonObject> {
    const list = kinds[request.method as keyof typeof kinds]
    if (list) return listResult(this.#listed(list.kind, request.method), request.params?.cursor, list)
    if (!this.#touched) this.#touch() // from here on every call is a sign of life in itself
    if (taskMethods.includes(request.method)) return this.#aboutTask(request, ctx)
    const read = readRequest(request, ctx)
    if (!read) throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found')
    return this.#exchange(read, ctx)
  }

  async #exchange(read: ExchangeRequest, ctx: RequestContext): Promise<JsonObject> {
    const protocol = this.#protocol
    const running = { over: false }
    const received = this.#received(read, ctx, protocol, running)
    const terms = this.parts.tasks?.termsFor(received)
    if (terms) return this.#followed(received, terms, running)
    let reply: Reply
    try {
      reply = await this.parts.handle(received)
      if (reply.kind === 'result' && isInputRequired(reply.result) && protocol < '2026')
        reply = await answeredByRequests(reply.result, received.peer, received.signal, (extra) =>
          this.parts.handle(this.#received({ ...read, extra: { ...read.extra, ...extra } }, ctx, protocol, running)),
        )
    } catch (error) {
      if (error instanceof ProtocolError) throw error
      return refused(error, read.method, read.target, protocol)
    } finally {
      running.over = true
    }
    const result = unwrapped(reply, read.method, read.target, protocol)
    if (read.method !== 'tools/call') {
      this.#watching.agreed(read.method, read.target)
      return forThisClientOnly(result)
    }
    return 'structuredContent' in result ? this.#projected(result, read.target) : result
  }

  /** A call that may become a task. */
  async #followed(received: Received, terms: TaskTerms, running: { over: boolean }): Promise<JsonObject> {
    try {
      return await this.#desk.run(received, this.context.client, terms)
    } finally {
      running.over = true
    }
  }

  async #aboutTask(request: JSONRPCRequest, ctx: RequestContext): Promise<JsonObject> {
    const { client, session } = this.context
    const protocol = this.#protocol
    try {
      this.parts.sessions.find(session.id)
    } catch (error) {
      refused(error, request.method, '', protocol)
    }
    return answerTaskRequest(request, ctx, { client, protocol, capabilities: this.#capabilities(ctx) }, this.#desk)
  }

  get #desk() {
    if (this.parts.tasks) return this.parts.tasks
    throw new ProtocolError(ProtocolErrorCode.MethodNotFound, 'Method not found')
  }

  #received(read: ExchangeRequest, ctx: RequestContext, protocol: string, running: { over: boolean }): Received {
    const { view, credential, door } = this.context
    const lost =
      read.method === 'resources/subscribe'
        ? { lost: () => this.#watching.lost(read.target, this.#peerBetweenCalls()) }
        : undefined
    return {
      callId: newId('call'),
      receivedAt: Date.now() as EpochMs,
      startedMs: performance.now(),
      door,
      credential,
      ...read,
      ...this.#wantedLog(read, ctx),
      ...(view ? { view } : {}),
      peer: callPeer(ctx, {
        ...lost,
        protocol,
        capabilities: this.#capabilities(ctx),
        wantsLog: (level) => wantsLevel(level, this.#levelFor(ctx, protocol)),
        isOver: () => running.over || ctx.signal.aborted,
        afterwards: this.context.announces ? (method, params) => this.#tellLater(method, params) : undefined,
        onError: this.parts.onError,
      }),
      signal: ctx.signal,
      trail: this.parts.newTrail(),
    }
  }

  /** For servers started before the first call: they may ask for roots at once. */
  #peerBetweenCalls(): ClientPeer {
    return {
      protocol: this.#protocol,
      capabilities: (this.server.getClientCapabilities() ?? {}) as JsonObject,
      progress: () => {},
      request: (method, params, signal) =>
        this.server.request({ method, params }, asItIs, { signal, timeout: clientPatienceMs }),
      notify: (method, params) => void this.#tellLater(method, params).catch(this.parts.onError),
    }
  }

  /** The level of this request, or the one an earlier client set once, where a 2026-07-28 server looks for it. */
  #wantedLog(read: ExchangeRequest, ctx: RequestContext): { meta?: JsonObject } {
    const level = (ctx.envelope as Envelope)?.[LOG_LEVEL_META_KEY] ?? this.#logLevel
    return level === undefined ? {} : { meta: { [LOG_LEVEL_META_KEY]: level, ...read.meta } }
  }

  get #protocol(): string {
    return this.server.getNegotiatedProtocolVersion() ?? oldestProtocol
  }

  #capabilities(ctx: RequestContext): JsonObject {
    const envelope = ctx.envelope as Envelope
    return envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? ((this.server.getClientCapabilities() ?? {}) as JsonObject)
  }

  /** Up to 2025-11-25 every message is sent until a level is set; from 2026-07-28 none unless the request names one. */
  #levelFor(ctx: RequestContext, protocol: string): unknown {
    return protocol < '2026' ? (this.#logLevel ?? 'debug') : (ctx.envelope as Envelope)?.[LOG_LEVEL_META_KEY]
  }

  /** Earlier revisions know only objects as structured content. */
  #projected(result: JsonObject, name: string): JsonObject {
    const schema = this.#tool(name)?.outputSchema as Record<string, unknown> | undefined
    return this.server.projectCallToolResult(result as unknown as CallToolResult, schema) as unknown as JsonObject
  }

  #announce(): void {
    const { catalog, onError } = this.parts
    this.#stops.push(catalog.onChanged((kind) => this.#listChanged(kind).catch(onError)))
    if (this.parts.tasks)
      this.#stops.push(
        onTaskState(this.parts.tasks, this.context, (task) => {
          if (this.introducedAs === '2025-11-25') this.#tellLater('notifications/tasks/status', task).catch(onError)
        }),
      )
  }

  /** What a server says between calls; nobody hears it once the connection is gone. */
  async #tellLater(method: string, params: JsonObject): Promise<void> {
    if (this.server.transport) await this.server.notification({ method, params })
  }

  #listChanged(kind: EntryKind): Promise<void> {
    if (!this.server.transport) return Promise.resolve()
    if (kind === 'tool') return this.server.sendToolListChanged()
    return kind === 'prompt' ? this.server.sendPromptListChanged() : this.server.sendResourceListChanged()
  }
}

/** What a server offers anyone was given to this client by its own rules. @see MCP 2026-07-28, caching, `cacheScope` */
const forThisClientOnly = (result: JsonObject): JsonObject =>
  'cacheScope' in result ? { ...result, cacheScope: 'private' } : result

/** The `_meta` keys of 2026-07-28 that describe the client, as the SDK lifted them out of a request. */
type Envelope =
  | { readonly [CLIENT_CAPABILITIES_META_KEY]?: JsonObject; readonly [LOG_LEVEL_META_KEY]?: string }
  | undefined

/** “Resource not found” keeps its code up to 2025-11-25; the SDK writes −32602 for every revision. */
function keepNotFound(transport: Transport): void {
  const send = transport.send.bind(transport)
  transport.send = (message, options) => {
    if ('error' in message && isLegacyNotFound(message.error.data)) {
      return send({ ...message, error: { ...message.error, code: resourceNotFoundCode } }, options)
    }
    return send(message, options)
  }
}
