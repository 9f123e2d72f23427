import type { Socket } from 'node:net'
import type { Readable, Writable } from 'node:stream'
import { errors } from '../../shared/messages/en/errors.ts'
import { errorLine, idInEnds, LineSplitter, type RequestId } from '../../shared/wire/framing.ts'
import { HandshakeError } from '../../shared/wire/hello.ts'
import type { AppLink } from './app-link.ts'
import { Conversation, replayedId } from './conversation.ts'
import { type Glance, glanceAt } from './glance.ts'
import { Stalled } from './stalled.ts'
import type { Repeated } from './standing-wishes.ts'
import { acknowledged } from './subscriptions.ts'

export interface RelayParts {
  readonly input: Readable
  readonly output: Writable
  /** Connects and proves; rejects when the app cannot be reached or refuses. */
  readonly link: (resume: string | undefined, onPairing: (message: string) => void) => Promise<AppLink>
  /** No app listens: starts it where that is wanted. */
  readonly startApp: () => void
  readonly log: (text: string) => void
  readonly exit: () => void
}

type Cause = 'bridge.lost' | 'bridge.unread' | 'bridge.unreachable' | 'bridge.pairing'
interface Held {
  readonly line: Buffer
  readonly glance: Glance
}

const refusedCode = -31_000
const tooLongCode = -32_600
/** Milliseconds a request waits for the app: to come back, to start for the first time, for the person to agree. */
const patienceMs = { reconnect: 10_000, start: 30_000, pairing: 50_000 }
const mostHeldBytes = 32 * 1024 * 1024
const firstPauseMs = 25
const longestPauseMs = 1000
/** Milliseconds after a refusal before the app is asked again. */
const refusalPauseMs = 5000
/** Milliseconds open requests may still be answered after the client closed its end. */
const farewellMs = 5000

/** Lines from the client to the app and back. It reads no more of them than it has to remember when the app goes away. */
export class Relay {
  readonly #conversation = new Conversation()
  #socket: Socket | undefined
  #resume: string | undefined
  #held: Held[] = []
  #heldBytes = 0
  #patience: NodeJS.Timeout | undefined
  #refusal: string | undefined
  #pairing = false
  #ended = false

  readonly #stalled = new Stalled()

  constructor(private readonly parts: RelayParts) {}

  run(): void {
    const { input, output } = this.parts
    const splitter = new LineSplitter({
      line: (line) => this.#fromClient(line),
      tooLong: ({ head, tail }) =>
        this.#answer(idInEnds(head, tail), tooLongCode, sentenceOf('wire.too-large', '10 MB'), 'wire.too-large'),
    })
    input.on('data', (chunk: Buffer) => {
      this.#socket?.cork()
      splitter.push(chunk)
      this.#socket?.uncork()
      if (this.#socket?.writableNeedDrain) input.pause()
    })
    input.once('end', () => this.#leave())
    input.once('error', () => this.parts.exit())
    output.once('error', () => this.parts.exit())
    void this.#connect()
  }

  async #connect(): Promise<void> {
    for (let pauseMs = firstPauseMs; !this.#ended; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        this.#begin(await this.parts.link(this.#resume, (message) => this.#askPerson(message)))
        return
      } catch (error) {
        this.#pairing = false
        if (error instanceof HandshakeError && error.reason !== 'timeout') return void this.#refused(error)
        if (noOneListens(error)) this.parts.startApp()
      }
      await pause(pauseMs)
    }
  }

  #askPerson(message: string): void {
    this.#pairing = true
    this.parts.log(message)
    this.#restartPatience()
  }

  #refused(error: HandshakeError): void {
    this.#refusal = error.message
    this.parts.log(error.message)
    this.#giveUp('bridge.unreachable')
  }

  #begin({ socket, welcome, listen }: AppLink): void {
    this.#resume = welcome.sessionId
    this.#pairing = false
    this.#refusal = undefined
    this.#socket = socket
    socket.on('drain', () => this.parts.input.resume())
    socket.once('close', () => this.#lost(socket))
    const introduction = this.#conversation.introduction()
    if (!introduction) {
      listen((line) => this.#fromApp(line))
      this.#release()
      return
    }
    this.#socket = undefined // until the app knows the client again, its messages wait
    listen((line) => this.#reintroduced(socket, line, introduction.initialized))
    socket.write(`${introduction.initialize}\n`)
  }

  #reintroduced(socket: Socket, line: Buffer, initialized: string | undefined): void {
    if (this.#socket === socket) this.#fromApp(line)
    if (this.#socket === socket || glanceAt(line).id !== replayedId) return
    if (initialized) socket.write(`${initialized}\n`)
    this.#socket = socket
    this.#release()
  }

  #fromClient(line: Buffer): void {
    const glance = glanceAt(line)
    if (this.#socket) this.#toApp({ line, glance })
    else if (this.#withdraws(glance, line)) return
    else if (this.#refusal !== undefined) this.#answerRefused(glance)
    else this.#hold({ line: Buffer.from(line), glance })
  }

  /** While the app is away a withdrawn request is not made at all, nor made again. @returns whether it was a withdrawal */
  #withdraws(glance: Glance, line: Buffer): boolean {
    const id = this.#conversation.withdrawn(glance, line)
    if (id === undefined) return false
    this.#held = this.#held.filter((held) => held.glance.kind !== 'request' || held.glance.id !== id)
    this.#heldBytes = this.#held.reduce((sum, held) => sum + held.line.length, 0)
    return true
  }

  #toApp({ line, glance }: Held): void {
    this.#conversation.sent(glance, line)
    this.#socket?.write(line)
    this.#socket?.write('\n')
  }

  #fromApp(line: Buffer): void {
    const glance = glanceAt(line)
    const arrived = this.#conversation.arrived(glance, line)
    if (arrived !== true) return void this.#ownAnswer(arrived)
    if (glance.method === acknowledged && this.#goesOn(line)) return
    const { output } = this.parts
    output.cork()
    output.write(line)
    output.write('\n')
    process.nextTick(() => output.uncork())
    if (output.writableNeedDrain && this.#socket && !this.#socket.isPaused())
      this.#stalled.untilRead(output, this.#socket)
    if (this.#ended) this.#leaveWhenAnswered()
  }

  #ownAnswer(repeated: false | Repeated): void {
    if (!repeated) return
    for (const message of repeated.tell) this.#tellClient(message)
    if (repeated.later !== undefined) this.#askOnceMore(repeated.later)
    if (repeated.refused !== undefined) this.parts.log(`Gatehouse does not go on with ${repeated.refused}`)
  }

  #askOnceMore({ key, waitMs }: { readonly key: string; readonly waitMs: number }): void {
    const socket = this.#socket
    setTimeout(() => {
      const line = this.#socket === socket ? this.#conversation.wishes.again(key) : undefined
      if (line !== undefined) socket?.write(`${line}\n`)
    }, waitMs).unref()
  }

  /** @returns whether the client need not hear of it: it listened before the app was restarted */
  #goesOn(line: Buffer): boolean {
    const goesOn = this.#conversation.subscriptions.acknowledged(line)
    if (!goesOn) return false
    for (const message of goesOn.tell) this.#tellClient(message)
    if (goesOn.withdrawn !== undefined) {
      const params = { requestId: goesOn.withdrawn }
      this.#socket?.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params })}\n`)
    }
    return true
  }

  #hold(held: Held): void {
    if (this.#heldBytes + held.line.length > mostHeldBytes) this.#fail(held.glance, 'bridge.unreachable')
    else {
      this.#held.push(held)
      this.#heldBytes += held.line.length
      this.#patience ??= this.#startPatience()
    }
  }

  #startPatience(): NodeJS.Timeout {
    const waitMs = this.#pairing ? patienceMs.pairing : this.#resume ? patienceMs.reconnect : patienceMs.start
    return setTimeout(() => this.#giveUp(this.#pairing ? 'bridge.pairing' : 'bridge.unreachable'), waitMs)
  }

  #restartPatience(): void {
    if (!this.#patience) return
    clearTimeout(this.#patience)
    this.#patience = this.#startPatience()
  }

  #release(): void {
    const { subscriptions, wishes } = this.#conversation
    for (const line of [...subscriptions.lines(), ...wishes.lines()]) this.#socket?.write(`${String(line)}\n`)
    for (const held of this.#takeHeld()) this.#toApp(held)
    if (this.#ended) this.#leaveWhenAnswered()
  }

  #giveUp(cause: Cause): void {
    for (const { glance } of this.#takeHeld()) {
      if (this.#refusal === undefined) this.#fail(glance, cause)
      else this.#answerRefused(glance)
    }
    if (this.#ended) this.parts.exit()
  }

  #takeHeld(): readonly Held[] {
    clearTimeout(this.#patience)
    this.#patience = undefined
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    return held
  }

  #lost(socket: Socket): void {
    if (this.#socket === socket) this.#socket = undefined
    const { unanswered, moot } = this.#conversation.interrupted()
    const cause = this.#stalled.isRecent ? 'bridge.unread' : 'bridge.lost'
    for (const id of unanswered) this.#answer(id, refusedCode, errors[cause].model, cause)
    for (const requestId of moot) this.#tellClient({ method: 'notifications/cancelled', params: { requestId } })
    this.parts.input.resume()
    if (this.#ended) this.parts.exit()
    else {
      this.parts.log('Gatehouse is gone; waiting for it to come back')
      void this.#connect()
    }
  }

  #answerRefused(glance: Glance): void {
    if (glance.kind === 'request')
      this.#answer(glance.id, refusedCode, this.#refusal ?? errors['bridge.unreachable'].model, 'bridge.refused')
    this.#askAgainLater()
  }

  #askAgainLater(): void {
    if (this.#patience) return
    this.#patience = setTimeout(() => {
      this.#patience = undefined
      this.#refusal = undefined
      void this.#connect()
    }, refusalPauseMs)
  }

  #fail(glance: Glance, cause: Cause): void {
    if (glance.kind === 'request') this.#answer(glance.id, refusedCode, errors[cause].model, cause)
    else if (glance.kind === 'unreadable') this.#answer(undefined, -32_700, 'Parse error: this line is not valid JSON')
  }

  #answer(id: RequestId | undefined, code: number, message: string, gatehouseCode?: string): void {
    this.parts.output.write(errorLine(id, code, message, gatehouseCode && { 'gatehouse/code': gatehouseCode }))
  }

  #tellClient(message: object): void {
    this.parts.output.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`)
  }

  /** The client closed its end: what it still waits for may be answered, then the bridge ends. */
  #leave(): void {
    this.#ended = true
    setTimeout(() => this.parts.exit(), farewellMs).unref()
    this.#leaveWhenAnswered()
  }

  #leaveWhenAnswered(): void {
    if (this.#conversation.isOpen || this.#held.length > 0) return
    this.#socket?.end()
    this.parts.output.write('', () => this.parts.exit())
  }
}

const sentenceOf = (code: 'wire.too-large', limit: string) => errors[code].model.replace('{limit}', limit)
const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const noOneListens = (error: unknown) =>
  ['ENOENT', 'ECONNREFUSED'].includes(String((error as NodeJS.ErrnoException).code))
