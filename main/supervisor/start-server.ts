import type { Duplex } from 'node:stream'
import type { ClientPeer } from '../../shared/domain/call.ts'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Confinement } from '../sandbox/sandbox.ts'
import { carriedCapabilities } from './carried-capabilities.ts'
import { Connection, type Wire } from './connection.ts'
import { EnginePipe } from './engine-pipe.ts'
import { type Greeting, handshake, type Introduction } from './handshake.ts'
import { startStdioProcess, type Warden } from './hosts/stdio-host.ts'
import { LiveServer } from './live-server.ts'
import { beginningOf, type LogRing } from './log-ring.ts'
import type { Engine } from './ports.ts'
import type { LinkEvents, RemoteLink } from './remote/remote-link.ts'
import { refusalIn } from './remote/remote-problem.ts'
import type { Era } from './server-store.ts'
import type { ToClient } from './to-client.ts'

/** The process is no more; `message` ends a sentence for the person. */
export class ServerGone extends Error {}

/** How a server is reached: a confined process to start, or a connection to another computer. */
export type Road = Confinement | OpenRemote
export type OpenRemote = (events: LinkEvents) => Promise<RemoteLink>

export interface StartOptions {
  readonly road: Road
  readonly warden: Warden
  readonly clientInfo: Introduction
  readonly era: Era | undefined
  /** The client of the session the process is for; a shared one is told of no client. */
  readonly peer: ClientPeer | undefined
  readonly log: LogRing
  readonly toClient: ToClient
  /** Ends by force: nothing of it is to be kept in good order. */
  readonly endsAtOnce?: boolean
  /** Every text that goes to it or comes from it. */
  readonly hears?: (text: string, way: 'said' | 'told') => void
  /** What it is the face of. */
  readonly face?: { readonly engine: Engine; readonly workspace: WorkspaceName }
  readonly probeMs: number
  readonly initializeMs: number
  readonly onListChanged: () => void
  readonly onEnded: (problem: string) => void
}

const mostGarbageLines = 1000

/**
 * Starts one process, or connects, and agrees with it how to talk.
 * @throws GatehouseError when the person has to do something first; ServerGone when it can't be started, ends, or does not talk MCP; nothing of it is left then
 */
export async function startServer(options: StartOptions): Promise<LiveServer> {
  const talk = new Talk(options)
  const carrier = await carrierOf(options, talk).catch(async (error: Error) => {
    if (typeof options.road !== 'function') await options.road.release()
    throw refusalIn(error) ?? new ServerGone(error.message, { cause: error })
  })
  talk.begin(carrier)
  try {
    return talk.live(await talk.greet(), carrier)
  } catch (error) {
    await carrier.stop()
    throw (
      refusalIn(error) ?? (error instanceof ServerGone ? error : new ServerGone(talk.whyNot(error), { cause: error }))
    )
  }
}

/** What carries the messages: a process and its pipe, or a connection. */
type Carrier = RemoteLink & { readonly pid?: number; readonly pipe?: Duplex; readonly isFull?: boolean }

const carrierOf = ({ road, warden, face }: StartOptions, talk: Talk): Promise<Carrier> =>
  typeof road === 'function' ? road(talk) : startStdioProcess(road, warden, talk, face !== undefined)

/** The conversation with one server: its pipe on one side, its connection and what it asks on the other. */
class Talk implements LinkEvents {
  readonly #connection: Connection
  #process: Carrier | undefined
  #live: LiveServer | undefined
  #pipe: EnginePipe | undefined
  #garbageLines = 0
  #firstGarbage: string | undefined

  constructor(private readonly options: StartOptions) {
    const send: Wire['send'] = (line, about) => {
      options.hears?.(line, 'told')
      this.#process?.send(line, about)
    }
    this.#connection = new Connection({ send, isFull: () => this.#process?.isFull ?? false }, this)
  }

  begin(process: Carrier): void {
    this.#process = process
    const { face } = this.options
    if (face === undefined || process.pipe === undefined) return
    const running = (id: string) => this.#live?.running(id)
    this.#pipe = new EnginePipe({ ...face, pipe: process.pipe, running, kill: (problem) => process.kill(problem) })
  }

  greet(): Promise<Greeting> {
    return handshake(this.#connection, {
      era: this.options.era,
      capabilities: carriedCapabilities(this.options.peer, this.options.toClient.person?.there()),
      clientInfo: this.options.clientInfo,
      probeMs: this.options.probeMs,
      initializeMs: this.options.initializeMs,
    })
  }

  live(greeting: Greeting, process: Carrier): LiveServer {
    const owned = this.options.peer === undefined || greeting.era === 'modern' ? 'everyone' : 'one session'
    this.#live = new LiveServer(
      process.pid ?? 0,
      greeting,
      this.#connection,
      this.options.clientInfo,
      owned,
      this.options.toClient,
      () => {
        if (this.options.endsAtOnce) process.kill('it was stopped.')
        return process.stop()
      },
    )
    return this.#live
  }

  whyNot(error: unknown): string {
    const why = error instanceof Error ? error.message : 'it could not be used.'
    return this.#firstGarbage === undefined ? why : `${why} It printed text that is not MCP: “${this.#firstGarbage}”`
  }

  line(line: string): void {
    this.options.hears?.(line, 'said')
    this.#connection.received(line)
  }

  message(value: unknown): void {
    this.#connection.receivedValue(value)
  }

  failed(id: string | number, problem: Error): void {
    this.#connection.failed(id, problem)
  }

  stderr(text: string): void {
    this.options.hears?.(text, 'said')
    this.options.log.write(text)
  }

  note(text: string): void {
    this.options.log.write(text)
  }

  ended(problem: string): void {
    this.#pipe?.close()
    this.#connection.close(new ServerGone(this.#live ? problem : this.whyNot(new Error(problem))))
    if (this.#live) this.options.onEnded(problem)
  }

  request(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (method === 'ping') return Promise.resolve({})
    if (this.#live) return this.#live.answer(method, params, signal)
    return Promise.reject(new Error('not ready')) // no call runs yet by which a question could be judged
  }

  notified(method: string, params: JsonObject): void {
    if (method.endsWith('/list_changed')) this.options.onListChanged()
    else this.#live?.notified(method, params)
  }

  garbage(line: string): void {
    this.#garbageLines++
    this.#firstGarbage ??= beginningOf(line, 120)
    if (this.#garbageLines <= 20) this.options.log.push([`(printed on its output) ${beginningOf(line, 4000)}`])
    if (this.#garbageLines > mostGarbageLines)
      this.#process?.kill(`it keeps printing text that is not MCP: “${this.#firstGarbage}”`)
  }
}
