import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ClientId, ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { GatewayParts } from './gateway.ts'
import type { HttpCaller } from './http-sessions.ts'
import { receivedMessage } from './received-message.ts'
import { type StandingConnection, serveStanding } from './standing-connection.ts'

interface Stream {
  readonly clientId: ClientId
  readonly credentialId: string
  readonly sessionId: SessionId
  readonly connection: SseConnection
}
/** Why a request is not served. */
export interface Unserved {
  readonly status: number
  readonly message: string
}

export const messagesPath = '/messages'
const mostStreams = 1000
/** Of one client: an app needs one, and opens some more when it loses them. */
const mostOfClient = 32
/** What a client left unread on all its streams together: beyond it the stream that grows is cut off. */
const mostUnsentBytes = 64 * 1024 * 1024
/** A stream with less never takes a client beyond it by itself. */
const fairShareBytes = mostUnsentBytes / mostOfClient
/** From here on a client that posts is told to read first. */
const muchUnsentBytes = 16 * 1024 * 1024
const usualHeartbeatMs = 30_000

/**
 * HTTP+SSE, as clients of 2024-11-05 speak it: `GET /sse` opens a stream, whose first event names the address that the
 * client's messages are posted to. Who comes is proved on every request, and only who opened a stream is heard on it.
 *
 * @see MCP 2024-11-05, basic/transports, “HTTP with SSE”
 */
export class OldSseEndpoint {
  readonly #streams = new Map<string, Stream>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #stop: (() => void) | undefined

  constructor(
    private readonly parts: GatewayParts,
    heartbeatMs = usualHeartbeatMs,
  ) {
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref()
    this.#stop = parts.sessions.onEnded?.((session) => {
      for (const { sessionId, connection } of this.#streams.values()) if (sessionId === session) connection.end()
    })
  }

  /** Nothing is opened for a client that left meanwhile. @throws what refuses a session */
  open(caller: HttpCaller, view: ServerName | undefined, reply: FastifyReply): Unserved | undefined {
    const { client, credentialId, expiresAt } = caller
    const ofClient = this.#ofClient(client.id).length
    if (this.#streams.size >= mostStreams) return { status: 503, message: 'Too many streams are open' }
    if (ofClient >= mostOfClient) return { status: 429, message: 'This app has too many streams open' }
    if (reply.raw.destroyed || reply.request.raw.socket.destroyed) {
      reply.hijack()
      return undefined
    }
    const opened = this.parts.sessions.open({
      clientId: client.id,
      door: 'http',
      credentialId,
      ...(view ? { view } : {}),
    })
    const id = randomUUID()
    const sessionId = opened.session.id
    reply.hijack()
    const connection = new SseConnection(reply.raw, reply.getHeaders() as Record<string, string>, {
      expiresAt,
      unsentOfClient: () => this.#unsentOf(client.id),
    })
    this.#streams.set(id, { clientId: client.id, credentialId, sessionId, connection })
    connection.onceClosed(() => this.#end(id))
    const credential = { clientId: client.id, sessionId }
    const context = { door: 'http', credential, ...opened, announces: true, ...(view ? { view } : {}) } as const
    serveStanding(connection, context, this.parts)
    connection.event('endpoint', `${messagesPath}?sessionId=${id}`)
    return undefined
  }

  /** A message of a client whose stream is open. */
  take(
    { query, body }: FastifyRequest,
    { client, credentialId }: HttpCaller,
  ): Unserved | { readonly refusal: string } | undefined {
    const { sessionId } = query as { sessionId?: unknown }
    const stream = typeof sessionId === 'string' ? this.#streams.get(sessionId) : undefined
    if (stream?.clientId !== client.id || stream.credentialId !== credentialId)
      return { status: 404, message: 'Session not found' }
    if (this.#unsentOf(client.id) > muchUnsentBytes)
      return { status: 429, message: 'This app left too much unread: it must read its streams before it asks for more' }
    const received = receivedMessage((body as Buffer | undefined)?.toString('utf8') ?? '')
    if ('refusal' in received) return received
    stream.connection.received(received.message)
    return undefined
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#stop?.()
    for (const { connection } of this.#streams.values()) connection.end()
  }

  #ofClient = (client: ClientId): readonly Stream[] =>
    [...this.#streams.values()].filter(({ clientId }) => clientId === client)

  /** Bytes. */
  #unsentOf = (client: ClientId): number =>
    this.#ofClient(client).reduce((sum, { connection }) => sum + connection.unsentBytes, 0)

  #end(id: string): void {
    const stream = this.#streams.get(id)
    if (!stream) return
    this.#streams.delete(id)
    this.parts.sessions.end(stream.sessionId)
    stream.connection.end()
  }

  /** Nobody is heard of on a stream that only goes one way: what stands open keeps its session, and ends with its key. */
  #beat(): void {
    for (const [id, { connection, sessionId }] of this.#streams) {
      if (connection.isOver()) this.#end(id)
      else {
        connection.comment()
        this.parts.sessions.touch?.(sessionId)
      }
    }
  }
}

class SseConnection implements StandingConnection {
  #deliver: ((message: JSONRPCMessage) => void) | undefined

  constructor(
    private readonly response: ServerResponse,
    headers: Readonly<Record<string, string>>,
    private readonly bounds: { readonly expiresAt: number | undefined; readonly unsentOfClient: () => number },
  ) {
    response.on('error', () => response.destroy())
    response.writeHead(200, { ...headers, 'content-type': 'text/event-stream' })
  }

  /** Its key is out of date, or its client is gone, whether or not that was heard. */
  isOver = (): boolean => this.response.destroyed || (this.bounds.expiresAt ?? Number.POSITIVE_INFINITY) <= Date.now()

  get unsentBytes(): number {
    return this.response.destroyed ? 0 : this.response.writableLength
  }

  say(text: string): void {
    this.event('message', text)
  }

  /** @param data one line */
  event(name: string, data: string): void {
    this.#write(`event: ${name}\ndata: ${data}\n\n`)
  }

  comment(): void {
    this.#write(': still here\n\n')
  }

  received(message: JSONRPCMessage): void {
    this.#deliver?.(message)
  }

  end(): void {
    this.response.end()
    this.response.destroy()
  }

  onceClosed(then: () => void): void {
    this.response.once('close', then)
  }

  asTransport(takes: (message: JSONRPCMessage) => boolean): Transport {
    const transport: Transport = {
      start: async () => {
        this.#deliver = (message) => {
          if (!takes(message)) transport.onmessage?.(message)
        }
      },
      send: async (message) => this.say(JSON.stringify(message)),
      close: async () => this.end(),
    }
    this.onceClosed(() => transport.onclose?.())
    return transport
  }

  #write(text: string): void {
    const { response } = this
    if (!response.writable) return
    response.write(text)
    if (this.unsentBytes > fairShareBytes && this.bounds.unsentOfClient() > mostUnsentBytes) response.destroy()
  }
}
