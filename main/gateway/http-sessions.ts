import { randomUUID } from 'node:crypto'
import {
  createMcpHandler,
  type McpHttpHandler,
  WebStandardStreamableHTTPServerTransport,
} from '@modelcontextprotocol/server'
import type { Client, Session } from '../../shared/domain/call.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { ClientId, EpochMs, ServerName, SessionId } from '../../shared/domain/ids.ts'
import { longestLineBytes } from '../../shared/wire/framing.ts'
import { EventLog } from './event-log.ts'
import type { GatewayParts, OpenedSession } from './gateway.ts'
import { HttpLane } from './http-lane.ts'
import { Listening, listensToResources } from './listening.ts'
import { mcpFace } from './mcp-face.ts'
import type { TaskDesk } from './tasks/task-desk.ts'
import { listenWithTasks } from './tasks/task-stream.ts'

export interface HttpCaller {
  readonly client: Client
  /** The API key that was shown. */
  readonly credentialId: string
  /** What stands longer than a request ends with the key. */
  readonly expiresAt?: EpochMs
}
export interface HttpSessionParts extends GatewayParts {
  /** The one session of a client's API key, for revisions without sessions of their own (DESIGN section 8). */
  readonly forStateless: (client: Client, credentialId: string) => Session
  /** Milliseconds without a request after which a connection is closed. */
  readonly idleMs?: number
}

/** One client's conversation over HTTP, whatever its revision. */
export interface HttpConversation {
  /** Gatehouse's own session behind it. */
  readonly sessionId: SessionId
  answer(request: Request, body: unknown): Promise<Response>
  close(): Promise<void>
}

const halfAnHourMs = 30 * 60_000

/** Every request stands alone, from 2026-07-28; list changes go to whoever listens. */
export class StatelessConversation implements HttpConversation {
  readonly sessionId: SessionId
  readonly #handler: McpHttpHandler
  readonly #stop: () => void
  readonly #listening: Listening
  readonly #tasks: { readonly client: Client; readonly desk: TaskDesk | undefined }

  constructor(caller: HttpCaller, view: ServerName | undefined, parts: HttpSessionParts) {
    const session = parts.forStateless(caller.client, caller.credentialId)
    this.#tasks = { client: caller.client, desk: parts.tasks }
    this.sessionId = session.id
    const context = faceContext({ client: caller.client, session }, view, false)
    this.#listening = new Listening(context, parts, (method, { uri }) => {
      if (method === 'notifications/resources/updated') this.#handler.notify.resourceUpdated(String(uri))
    })
    this.#handler = createMcpHandler(() => mcpFace(context, parts), {
      legacy: 'reject',
      onerror: parts.onError,
      maxRequestBodySize: longestLineBytes,
    })
    this.#stop = parts.catalog.onChanged((kind) => this.#tell(kind))
  }

  async answer(request: Request, body: unknown): Promise<Response> {
    if (typeof body !== 'object' || body === null)
      return this.#handler.fetch(request, body === undefined ? {} : { parsedBody: body })
    return listenWithTasks(body, this.#tasks, async (keptOpen) => {
      if (listensToResources(body)) return this.#listen(request, body, keptOpen)
      return this.#handler.fetch(request, { parsedBody: keptOpen(body) })
    })
  }

  async close(): Promise<void> {
    this.#listening.close()
    this.#stop()
    await this.#handler.close()
  }

  /** Until the client closes its stream. */
  async #listen(request: Request, body: object, keptOpen: <T extends object>(body: T) => T): Promise<Response> {
    const key = {}
    request.signal.addEventListener('abort', () => this.#listening.end(key))
    const parsedBody = keptOpen(await this.#listening.begin(key, body))
    const answer = await this.#handler.fetch(request, { parsedBody })
    if (request.signal.aborted || !answer.ok) this.#listening.end(key)
    return answer
  }

  #tell(kind: EntryKind): void {
    const { notify } = this.#handler
    if (kind === 'tool') notify.toolsChanged()
    else if (kind === 'prompt') notify.promptsChanged()
    else notify.resourcesChanged()
  }
}

/** A connection with `Mcp-Session-Id`, up to 2025-11-25. Its id is a secret of this one client, not Gatehouse's session id. */
export class StatefulConversation implements HttpConversation {
  readonly id = randomUUID()
  readonly clientId: ClientId
  readonly sessionId: SessionId
  readonly #transport: WebStandardStreamableHTTPServerTransport
  readonly #ready: Promise<void>
  /** Calls that need no stream. */
  readonly lane: HttpLane

  constructor(
    opened: OpenedSession,
    /** No other key goes on with it: one may be confined where the other is not. */
    readonly credentialId: string,
    readonly view: ServerName | undefined,
    parts: HttpSessionParts,
    onClosed: () => void,
  ) {
    this.clientId = opened.client.id
    this.sessionId = opened.session.id
    this.#transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => this.id,
      eventStore: new EventLog(),
      maxRequestBodySize: longestLineBytes,
    })
    const face = mcpFace(faceContext(opened, view, true), parts)
    this.lane = new HttpLane(face)
    this.#ready = face.connect(this.#transport).then(() => {
      const closeFace = face.server.onclose
      face.server.onclose = () => {
        closeFace?.()
        this.lane.close()
        onClosed()
        parts.sessions.end(opened.session.id)
      }
    })
  }

  async answer(request: Request, body: unknown): Promise<Response> {
    await this.#ready
    return this.#transport.handleRequest(request, body === undefined ? {} : { parsedBody: body })
  }

  close(): Promise<void> {
    return this.#transport.close()
  }
}

function faceContext({ client, session }: OpenedSession, view: ServerName | undefined, announces: boolean) {
  const credential = { clientId: client.id, sessionId: session.id }
  return { door: 'http' as const, credential, client, session, announces, ...(view ? { view } : {}) }
}

/** Values that are closed when nobody used them for a while. */
export class IdleMap<T extends { close(): Promise<void> }> {
  readonly #values = new Map<string, { readonly value: T; usedMs: number }>()
  readonly #timer: NodeJS.Timeout

  constructor(
    private readonly onError: (error: unknown) => void,
    private readonly idleMs = halfAnHourMs,
  ) {
    this.#timer = setInterval(() => this.#sweep(), Math.min(idleMs, 60_000)).unref()
  }

  get size(): number {
    return this.#values.size
  }

  get(key: string): T | undefined {
    const found = this.#values.get(key)
    if (found) found.usedMs = performance.now()
    return found?.value
  }

  getOrMake(key: string, make: () => T): T {
    return this.get(key) ?? this.set(key, make())
  }

  set(key: string, value: T): T {
    this.#values.set(key, { value, usedMs: performance.now() })
    return value
  }

  delete(key: string): void {
    this.#values.delete(key)
  }

  /** Closes those it is true of. */
  closeWhere(isTrue: (value: T) => boolean): void {
    for (const [key, { value }] of this.#values) if (isTrue(value)) this.#close(key, value)
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    const all = [...this.#values.values()]
    this.#values.clear()
    await Promise.all(all.map(({ value }) => value.close()))
  }

  #sweep(): void {
    const before = performance.now() - this.idleMs
    for (const [key, { value, usedMs }] of this.#values) if (usedMs <= before) this.#close(key, value)
  }

  #close(key: string, value: T): void {
    this.#values.delete(key)
    value.close().catch(this.onError)
  }
}
