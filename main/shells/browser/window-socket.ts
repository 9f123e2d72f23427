import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import { z } from 'zod'
import type { Answer } from '../serve-contract.ts'
import type { BrowserSession } from './browser-sessions.ts'

const path = '/api/socket'
const protocol = 'gatehouse'
const longestMessageBytes = 1024 * 1024
const heartbeatMs = 30_000
/** A window that reads this slowly is disconnected; it reconnects and asks anew. */
const mostUnsentBytes = 8 * 1024 * 1024

const request = z.object({ id: z.number(), channel: z.string().max(200), input: z.unknown().optional() })

export interface WindowSocketParts {
  /** @returns the session that may open this socket; undefined or a throw refuses it */
  readonly admit: (request: IncomingMessage, windowKey: string | undefined) => BrowserSession | undefined
  readonly dispatch: (session: BrowserSession, channel: string, input: unknown) => Promise<Answer>
  /** Whether the session still stands. */
  readonly stillOpen: (session: BrowserSession) => boolean
}

/**
 * The windows' WebSocket. Client to server `{id, channel, input}`; server to client `{id, ok, value|error}` and
 * `{event, payload}`. Sub-protocols: `gatehouse` and the window key.
 */
export class WindowSocket {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: longestMessageBytes,
    perMessageDeflate: false,
    handleProtocols: () => protocol,
  })
  readonly #alive = new WeakSet<WebSocket>()
  readonly #heartbeat: NodeJS.Timeout

  constructor(
    http: Server,
    private readonly parts: WindowSocketParts,
  ) {
    http.on('upgrade', (asked, socket, head) => this.#upgrade(asked, socket, head))
    this.#heartbeat = setInterval(() => this.#beat(), heartbeatMs).unref()
  }

  /** Windows connected now. */
  get count(): number {
    return this.#server.clients.size
  }

  broadcast(text: string): void {
    for (const socket of this.#server.clients) {
      if (socket.bufferedAmount > mostUnsentBytes) socket.terminate()
      else socket.send(text)
    }
  }

  close(): void {
    clearInterval(this.#heartbeat)
    for (const socket of this.#server.clients) socket.close(1001)
    this.#server.close()
  }

  #upgrade(asked: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (asked.url?.startsWith('/mcp')) return // an AI app's: the endpoint answers it
    socket.on('error', () => socket.destroy())
    const session = this.#admitted(asked)
    if (session) this.#server.handleUpgrade(asked, socket, head, (window) => this.#serve(window, session))
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
  }

  #admitted(asked: IncomingMessage): BrowserSession | undefined {
    if (asked.url !== path) return undefined
    try {
      const offered = (asked.headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim())
      return offered[0] === protocol ? this.parts.admit(asked, offered[1]) : undefined
    } catch {
      return undefined
    }
  }

  #serve(window: WebSocket, session: BrowserSession): void {
    this.#alive.add(window)
    window.on('pong', () => this.#alive.add(window))
    window.on('error', () => window.terminate())
    window.on('message', (data) => {
      if (this.parts.stillOpen(session)) void this.#answer(window, session, String(data))
      else window.close(1008)
    })
  }

  async #answer(window: WebSocket, session: BrowserSession, text: string): Promise<void> {
    const asked = parseRequest(text)
    if (!asked) {
      window.close(1007)
      return
    }
    const answer = await this.parts.dispatch(session, asked.channel, asked.input)
    if (window.readyState === window.OPEN) window.send(JSON.stringify({ id: asked.id, ...answer }))
  }

  /** A window that did not answer the last ping is gone. */
  #beat(): void {
    for (const window of this.#server.clients) {
      if (!this.#alive.delete(window)) window.terminate()
      else window.ping()
    }
  }
}

function parseRequest(text: string): z.output<typeof request> | undefined {
  try {
    const parsed = request.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : undefined
  } catch {
    return undefined
  }
}
