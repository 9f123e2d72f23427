import { chmodSync, mkdirSync, unlinkSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { dirname } from 'node:path'
import type { ClientId, ServerName, SessionId } from '../../shared/domain/ids.ts'
import { type AppHandshake, appHandshake, type Proved } from '../../shared/wire/hello.ts'
import type { GatewayParts } from './gateway.ts'
import { SocketConnection } from './socket-connection.ts'
import { serveStanding } from './standing-connection.ts'

export interface BridgeSocketParts extends GatewayParts {
  /** What the handshake asks of clients and sessions, for this connection. */
  readonly handshake: (socket: Socket) => AppHandshake
  /** A command line of this computer; `rest` are the bytes that came after its first line. */
  readonly onControl: (socket: Socket, firstLine: string, rest: Buffer) => void
  /** Milliseconds a session outlives its connection, for a bridge that comes back. */
  readonly graceMs?: number
}

const defaultGraceMs = 5 * 60_000
const longestFirstLine = 1024
const firstLinePatienceMs = 10_000

/** The local socket for bridges and the command line. Only this user can reach it; who comes has to prove who it is. */
export class BridgeSocket {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  readonly #connected = new Map<SessionId, Socket>()
  readonly #leaving = new Map<SessionId, NodeJS.Timeout>()

  constructor(private readonly parts: BridgeSocketParts) {
    this.#server = createServer({ noDelay: true }, (socket) => this.#accept(socket))
  }

  /** Listens at `path`. A socket file nobody answers on is removed; one that answers is an error (EADDRINUSE). */
  async listen(path: string): Promise<void> {
    if (process.platform !== 'win32') {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      chmodSync(dirname(path), 0o700)
      if (!(await answers(path))) removeIfThere(path)
    }
    const mask = process.umask(0o177)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once('error', reject)
        this.#server.listen(path, () => resolve())
      })
    } finally {
      process.umask(mask)
    }
  }

  /** Ends the connection and the session, for a client that was revoked or a session the person ended. */
  disconnect(session: SessionId): void {
    clearTimeout(this.#leaving.get(session))
    this.#leaving.delete(session)
    this.#connected.get(session)?.destroy()
  }

  async close(): Promise<void> {
    for (const timer of this.#leaving.values()) clearTimeout(timer)
    this.#leaving.clear()
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    firstLine(socket, (line, rest) => {
      const kind = kindOf(line)
      if (kind === 'control') this.parts.onControl(socket, line, rest)
      else if (kind === 'bridge') void this.#welcome(socket, rest)
      else socket.destroy()
    })
  }

  async #welcome(socket: Socket, rest: Buffer): Promise<void> {
    const connection = new SocketConnection(socket, rest, this.parts.unread)
    try {
      this.#serve(connection, await appHandshake(connection, this.parts.handshake(socket)))
    } catch {
      connection.end()
    }
  }

  #serve(connection: SocketConnection, proved: Proved): void {
    const { parts } = this
    const sessionId = proved.sessionId as SessionId
    const { client, session } = parts.sessions.find(sessionId)
    connection.client = client.name
    const context = {
      door: 'bridge',
      credential: { clientId: proved.clientId as ClientId, sessionId },
      client,
      session,
      announces: true,
      ...(proved.hello.server ? { view: proved.hello.server as ServerName } : {}),
    } as const
    this.#keep(sessionId, connection.socket)
    serveStanding(connection, context, parts)
  }

  /** One connection a session: a bridge that came back replaces the one it lost. */
  #keep(session: SessionId, socket: Socket): void {
    clearTimeout(this.#leaving.get(session))
    this.#leaving.delete(session)
    const before = this.#connected.get(session)
    this.#connected.set(session, socket)
    before?.destroy()
    if (socket.destroyed) this.#gone(session, socket)
    else socket.once('close', () => this.#gone(session, socket))
  }

  #gone(session: SessionId, socket: Socket): void {
    this.parts.sessions.leave?.(session)
    if (this.#connected.get(session) !== socket) return
    this.#connected.delete(session)
    if (this.#server.listening) this.#leave(session)
  }

  #leave(session: SessionId): void {
    const timer = setTimeout(() => {
      this.#leaving.delete(session)
      if (this.parts.tasks?.holds(session))
        this.#leave(session) // its processes are at work for a client that polls later
      else this.parts.sessions.end(session)
    }, this.parts.graceMs ?? defaultGraceMs)
    this.#leaving.set(session, timer.unref())
  }
}

/** Hands over the first line and what came after it; a caller that says nothing or too much is cut off. */
function firstLine(socket: Socket, then: (line: string, rest: Buffer) => void): void {
  let seen: Buffer = Buffer.alloc(0)
  const timer = setTimeout(() => socket.destroy(), firstLinePatienceMs)
  const listen = (chunk: Buffer) => {
    seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
    const end = seen.indexOf(0x0a)
    if (end === -1 && seen.length <= longestFirstLine) return
    clearTimeout(timer)
    socket.off('data', listen)
    if (end === -1 || end > longestFirstLine) socket.destroy()
    else then(seen.subarray(0, end).toString('utf8'), seen.subarray(end + 1))
  }
  socket.on('data', listen)
  socket.once('close', () => clearTimeout(timer))
}

function kindOf(line: string): unknown {
  try {
    return (JSON.parse(line) as { gatehouse?: unknown } | null)?.gatehouse
  } catch {
    return undefined
  }
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      resolve(true)
    })
    probe.once('error', () => resolve(false))
  })
}

function removeIfThere(path: string): void {
  try {
    unlinkSync(path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
}
