import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Client } from '../../shared/domain/call.ts'
import {
  type ClientId,
  type EpochMs,
  type ServerName,
  type SessionId,
  serverNamePattern,
} from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import { errorLine, longestLineBytes } from '../../shared/wire/framing.ts'
import type { GatewayParts, OpenedSession } from './gateway.ts'
import { headerLines } from './http-headers.ts'
import type { HttpCaller } from './http-sessions.ts'
import { idOf, receivedMessage } from './received-message.ts'
import { isFromHere } from './request-from-here.ts'
import { type AuthenticateCertificate, callerByCertificate, shownCertificate } from './shown-certificate.ts'
import { type StandingConnection, serveStanding } from './standing-connection.ts'
import { type Reader, Unread } from './unread.ts'
import { VouchedConnections, type VouchForKey } from './vouched-connections.ts'

export interface WebSocketParts extends GatewayParts {
  /** Whose API key this is; undefined for one that is unknown or out of date. @throws client.revoked, client.suspended */
  readonly authenticate: (bearer: string) => HttpCaller | undefined | Promise<HttpCaller | undefined>
  /** Whose certificate this is, which the program proved to have. @throws as `authenticate` */
  readonly authenticateCertificate?: AuthenticateCertificate
  readonly hasServer: (client: Client, name: ServerName) => boolean
  readonly vouchForKey?: VouchForKey
  /** Milliseconds between two pings. */
  readonly heartbeatMs?: number
}

const addresses = /^\/mcp\/(?:servers\/([^/?]+)\/)?ws$/
const subprotocol = 'mcp'
/** A key in a sub-protocol, for programs that cannot set headers. */
const keyPrefix = 'bearer.'
const unauthenticatedCode = -32_001
/** WebSocket close codes. @see RFC 6455, 7.4.1 */
const closing = { away: 1001, policy: 1008, busy: 1013 } as const
const usualHeartbeatMs = 30_000
const firstMessagePatienceMs = 10_000
const silentBeatsAllowed = 2
/** Milliseconds a client has to say goodbye. */
const farewellMs = 500
const mostConnections = 1000
/** Of one client: an app needs one, and opens some more when it loses them. */
const mostOfClient = 32
/** Whoever shows no key gets little room, and takes none from who does. */
const mostStrangers = 32
const longestOfStrangersBytes = 16 * 1024

/**
 * `/mcp/ws` and `/mcp/servers/NAME/ws`: MCP with one JSON-RPC message a text frame, for clients with an API key, which
 * stands in the `Authorization` header or as the sub-protocol `bearer.KEY` beside `mcp`. Loopback names only.
 */
export class McpWebSockets {
  readonly #sockets = newSockets(longestLineBytes)
  readonly #strangers = newSockets(longestOfStrangersBytes)
  readonly #silentBeats = new WeakMap<WebSocket, number>()
  readonly #keyEnds = new WeakMap<WebSocket, EpochMs>()
  readonly #ofClients = new Map<WebSocket, ClientId>()
  readonly #bySession = new Map<SessionId, WebSocket>()
  readonly #heartbeat: NodeJS.Timeout
  readonly #vouched: VouchedConnections
  readonly #stop: (() => void) | undefined

  constructor(
    http: Server,
    private readonly parts: WebSocketParts,
  ) {
    this.#vouched = new VouchedConnections(parts.vouchForKey)
    http.on('upgrade', (asked, socket, head) => this.#upgrade(asked, socket, head))
    this.#heartbeat = setInterval(() => this.#beat(), parts.heartbeatMs ?? usualHeartbeatMs).unref()
    this.#stop = parts.sessions.onEnded?.((session) => this.#bySession.get(session)?.close(closing.policy))
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#stop?.()
    for (const sockets of [this.#sockets, this.#strangers]) {
      for (const socket of sockets.clients) farewell(socket, closing.away)
      sockets.close()
    }
  }

  #upgrade(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (!(asked.url ?? '').startsWith('/mcp')) return // the window's
    socket.on('error', () => socket.destroy())
    this.#caller(asked).then(
      (caller) => this.#admit(asked, socket, head, caller),
      (error) => {
        this.parts.onError(error)
        refuse(socket, '500 Internal Server Error')
      },
    )
  }

  #admit(asked: IncomingMessage, socket: Duplex, head: Buffer, caller: HttpCaller | undefined): void {
    const path = addresses.exec(asked.url ?? '')
    const refusal = this.#refusal(asked, path, caller)
    const view = path?.[1] as ServerName | undefined
    if (refusal) refuse(socket, refusal)
    else if (!caller) this.#strangers.handleUpgrade(asked, socket, head, (client) => refuseFirstMessage(quiet(client)))
    else
      Promise.resolve(this.#vouched.check(caller, asked.socket)).then(
        () => this.#sockets.handleUpgrade(asked, socket, head, (client) => this.#serve(quiet(client), caller, view)),
        () => refuse(socket, '403 Forbidden'),
      )
  }

  #refusal(
    { headers }: IncomingMessage,
    path: RegExpExecArray | null,
    caller: HttpCaller | undefined,
  ): string | undefined {
    if (!isFromHere(headers)) return '403 Forbidden'
    const { size } = caller ? this.#sockets.clients : this.#strangers.clients
    if (size >= (caller ? mostConnections : mostStrangers)) return '503 Service Unavailable'
    if (caller && this.#countOf(caller.client) >= mostOfClient) return '429 Too Many Requests'
    const noSuchServer = caller && path?.[1] !== undefined && !this.#isServer(caller, path[1])
    return !path || noSuchServer ? '404 Not Found' : undefined
  }

  #countOf = ({ id }: Client): number => [...this.#ofClients.values()].filter((client) => client === id).length

  async #caller({ headers, socket }: IncomingMessage): Promise<HttpCaller | undefined> {
    const inHeader = /^Bearer ([\x21-\x7e]{1,2048})$/i.exec(headers.authorization ?? '')?.[1]
    const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
    const key = inHeader ?? offered.find((name) => name.startsWith(keyPrefix))?.slice(keyPrefix.length)
    try {
      if (key !== undefined) return await this.parts.authenticate(key)
      return callerByCertificate(shownCertificate(socket), this.parts.authenticateCertificate)
    } catch (error) {
      if (error instanceof GatehouseError) return undefined
      throw error
    }
  }

  #isServer({ client }: HttpCaller, name: string): boolean {
    return serverNamePattern.test(name) && this.parts.hasServer(client, name as ServerName)
  }

  #serve(socket: WebSocket, caller: HttpCaller, view: ServerName | undefined): void {
    const { client, expiresAt } = caller
    const opened = this.#open(socket, caller, view)
    if (!opened) return
    const { session } = opened
    this.#ofClients.set(socket, client.id)
    this.#bySession.set(session.id, socket)
    this.#silentBeats.set(socket, 0)
    if (expiresAt !== undefined) this.#keyEnds.set(socket, expiresAt)
    socket.on('pong', () => this.#heard(socket, session.id))
    socket.on('message', () => this.#silentBeats.set(socket, 0))
    socket.once('close', () => {
      this.#bySession.delete(session.id)
      this.#ofClients.delete(socket)
      this.parts.sessions.end(session.id)
    })
    const credential = { clientId: client.id, sessionId: session.id }
    const context = { door: 'http', credential, ...opened, announces: true, ...(view ? { view } : {}) } as const
    serveStanding(new WebSocketConnection(socket, client.name, this.parts.unread), context, this.parts)
  }

  #open(
    socket: WebSocket,
    { client, credentialId }: HttpCaller,
    view: ServerName | undefined,
  ): OpenedSession | undefined {
    if (this.#countOf(client) >= mostOfClient) {
      socket.close(closing.busy, 'Too many connections')
      return undefined
    }
    try {
      return this.parts.sessions.open({ clientId: client.id, door: 'http', credentialId, ...(view ? { view } : {}) })
    } catch (error) {
      this.parts.onError(error)
      socket.close(error instanceof GatehouseError ? closing.policy : closing.busy, reasonOf(error))
      return undefined
    }
  }

  /** A sign of life keeps the session, which over HTTP only requests hold. */
  #heard(socket: WebSocket, session: SessionId): void {
    this.#silentBeats.set(socket, 0)
    this.parts.sessions.touch?.(session)
  }

  /** A connection ends with its key. @see spec/platform.md, M: ended after two silent intervals */
  #beat(): void {
    for (const socket of this.#sockets.clients) {
      const silent = this.#silentBeats.get(socket) ?? 0
      this.#silentBeats.set(socket, silent + 1)
      if ((this.#keyEnds.get(socket) ?? Number.POSITIVE_INFINITY) <= Date.now()) farewell(socket, closing.policy)
      else if (silent >= silentBeatsAllowed) socket.terminate()
      else socket.ping()
    }
  }
}

function refuse(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\n${headerLines}Connection: close\r\nContent-Length: 0\r\n\r\n`)
}

function quiet(client: WebSocket): WebSocket {
  return client.on('error', () => client.terminate())
}

function farewell(socket: WebSocket, code: number): void {
  socket.close(code)
  setTimeout(() => socket.terminate(), farewellMs).unref()
}

const newSockets = (maxPayload: number) =>
  new WebSocketServer({
    noServer: true,
    maxPayload,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  })

/** Whoever shows no key may say one thing, to be told so. */
function refuseFirstMessage(socket: WebSocket): void {
  const impatient = setTimeout(() => socket.terminate(), firstMessagePatienceMs)
  socket.once('close', () => clearTimeout(impatient))
  socket.once('message', (data) => {
    const received = receivedMessage(String(data))
    const answer =
      'refusal' in received
        ? received.refusal
        : errorLine(idOf(received.message), unauthenticatedCode, 'Authentication required')
    socket.send(answer.trimEnd())
    socket.close(closing.policy, 'Authentication required')
  })
}

/** At most 123 bytes. @see RFC 6455, 5.5 */
const reasonOf = (error: unknown) => (error instanceof GatehouseError ? sentence(error, 'model').slice(0, 40) : '')

class WebSocketConnection implements StandingConnection, Reader {
  constructor(
    private readonly socket: WebSocket,
    readonly client: string,
    private readonly unread = new Unread(),
  ) {
    socket.once('close', () => unread.left(this))
  }

  get unreadBytes(): number {
    return this.socket.bufferedAmount
  }

  cutOff(): void {
    this.socket.terminate()
  }

  say(text: string): void {
    if (this.socket.readyState !== this.socket.OPEN || this.unread.leavesOut(text, this)) return
    const bytes = Buffer.from(text) // a socket counts a text by its characters
    if (this.unread.mayTell(this, bytes.length)) this.socket.send(bytes, { binary: false })
  }

  onceClosed(then: () => void): void {
    this.socket.once('close', then)
  }

  asTransport(takes: (message: JSONRPCMessage) => boolean): Transport {
    const { socket } = this
    const transport: Transport = {
      start: async () => {
        socket.on('message', (data, isBinary) => {
          const received = isBinary ? receivedMessage('') : receivedMessage(String(data))
          if ('refusal' in received) this.say(received.refusal.trimEnd())
          else if (!takes(received.message)) transport.onmessage?.(received.message)
        })
      },
      send: async (message) => this.say(JSON.stringify(message)),
      close: async () => socket.close(),
    }
    socket.once('close', () => transport.onclose?.())
    return transport
  }
}
