import { closeSync, openSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { appNotRunning, appStopping } from '../../shared/errors.ts'
import { LineSplitter } from '../../shared/wire/framing.ts'
import { socketPath } from '../../shared/wire/places.ts'
import { Refused } from './failures.ts'

export type ControlAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly error: { readonly code: string; readonly sentence: string } }
type Message =
  | { readonly gatehouse: 'control'; readonly open?: string }
  | { readonly event: string; readonly payload: unknown }
  | { readonly refused: { readonly code: string; readonly sentence: string } }
  | { readonly id: number; readonly waiting: true }
  | ({ readonly id: number } & ControlAnswer)

interface Waiting {
  readonly answered: (answer: ControlAnswer) => void
  readonly failed: (error: unknown) => void
  readonly waiting: () => void
}

/** The connection to the app: line JSON over its local socket (main/shells/control says the other half). */
export class ControlClient {
  readonly #socket: Socket
  readonly #waiting = new Map<number, Waiting>()
  #lastId = 0
  #onEvent: (name: string, payload: unknown) => void = () => undefined
  #refused: Refused | undefined
  #proof: number | undefined
  /** The app knows which process this is; a request before that would count as from an unproven one. */
  readonly #greeted = Promise.withResolvers<void>()
  /** Resolves when the app closed the connection. */
  readonly closed: Promise<void>

  private constructor(socket: Socket) {
    this.#socket = socket
    const lines = new LineSplitter({
      line: (line) => this.#received(JSON.parse(line.toString('utf8')) as Message),
      tooLong: () => socket.destroy(),
    })
    socket.on('data', (chunk: Buffer) => lines.push(chunk))
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        this.#end()
        resolve()
      })
    })
    this.#send({ gatehouse: 'control', v: 1, pid: process.pid })
  }

  /** @throws app.not-running when nobody answers at the data folder's socket */
  static async open(home: string, env: NodeJS.ProcessEnv): Promise<ControlClient> {
    const socket = connect(addressIn(home, env))
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve)
      socket.once('error', () => reject(appNotRunning(home)))
    })
    socket.on('error', () => socket.destroy())
    const client = new ControlClient(socket)
    await Promise.race([client.#greeted.promise, client.closed])
    return client
  }

  request(
    channel: string,
    input: unknown,
    passphrase: string | undefined,
    waiting: () => void,
  ): Promise<ControlAnswer> {
    if (this.#socket.destroyed) return Promise.reject(this.#refused ?? appStopping())
    const id = ++this.#lastId
    this.#send({ id, channel, input, passphrase })
    return new Promise((answered, failed) => this.#waiting.set(id, { answered, failed, waiting }))
  }

  subscribe(listener: (name: string, payload: unknown) => void): void {
    this.#onEvent = listener
    this.#send({ subscribe: true })
  }

  close(): void {
    this.#socket.destroy()
  }

  #received(message: Message): void {
    if ('gatehouse' in message) this.#greet(message.open)
    else if ('event' in message) this.#onEvent(message.event, message.payload)
    else if ('refused' in message) this.#refused = new Refused(message.refused.code, message.refused.sentence)
    else if ('waiting' in message) this.#waiting.get(message.id)?.waiting()
    else this.#answered(message)
  }

  #answered(message: { readonly id: number } & ControlAnswer): void {
    this.#waiting.get(message.id)?.answered(message)
    this.#waiting.delete(message.id)
  }

  /** Shows which process this is, by holding open what the app named. */
  #greet(path: string | undefined): void {
    try {
      if (path !== undefined) this.#proof = openSync(path, 'r')
      this.#send({ opened: true })
    } catch {
      // then contents are confirmed each time
    }
    this.#greeted.resolve()
  }

  #end(): void {
    this.#greeted.resolve()
    if (this.#proof !== undefined) closeSync(this.#proof)
    this.#proof = undefined
    for (const { failed } of this.#waiting.values()) failed(this.#refused ?? appStopping())
    this.#waiting.clear()
  }

  #send(value: object): void {
    this.#socket.write(`${JSON.stringify(value)}\n`)
  }
}

/** The app writes its address down; without it the place is the usual one. */
function addressIn(home: string, env: NodeJS.ProcessEnv): string {
  const run = join(home, 'run')
  try {
    const { socket } = JSON.parse(readFileSync(join(run, 'endpoint.json'), 'utf8')) as { socket?: unknown }
    if (typeof socket === 'string') return socket
  } catch {
    // never started, or stopped cleanly
  }
  return socketPath(home, run, env)
}
