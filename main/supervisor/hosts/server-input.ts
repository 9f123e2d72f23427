import type { Writable } from 'node:stream'
import { TurnWriter } from '../../../shared/wire/turn-writer.ts'

export interface InputBounds {
  /** Bytes that may wait for a server that reads nothing and is still sent calls. */
  readonly fullBytes: number
  /** Milliseconds in which it has to read something of them. */
  readonly stalledMs: number
  /** Milliseconds in which it reads nothing of them before it is given up. */
  readonly patienceMs: number
  /** Bytes that may wait however it reads. */
  readonly mostBytes: number
}

const megabyte = 1024 * 1024
/** As many calls as run at once by default may bring 10 MB each; a server may work on one call for minutes before it reads on. */
const usual: InputBounds = {
  fullBytes: 32 * megabyte,
  stalledMs: 1000,
  patienceMs: 10 * 60_000,
  mostBytes: 256 * megabyte,
}
/** So much is given to the stream at once: it says nothing of a piece until all of it has left. */
const pieceBytes = 128 * 1024

/** What waits for one server to read it from its input, in order. */
export class ServerInput {
  readonly #writer = new TurnWriter({ write: (text, encoding) => this.#add(text, encoding) })
  readonly #waiting: Buffer[] = []
  #waitingBytes = 0
  /** When something was last given to the stream, which takes more only once what it had has left; monotonic. */
  #movedMs = 0
  #isEnding = false
  #patience: NodeJS.Timeout | undefined

  /** @param giveUp the server reads nothing for too long, or far too much waits; told once or more */
  constructor(
    private readonly stream: Writable,
    private readonly giveUp: () => void,
    private readonly bounds: InputBounds = usual,
  ) {
    stream.on('drain', () => this.#pump())
    stream.once('close', () => this.#drop())
  }

  /** One message, without its newline. */
  send(line: string): void {
    if (this.stream.writable && !this.#isEnding) this.#writer.write(`${line}\n`)
  }

  /** Much waits, and nothing of it left for a while. */
  get isStalled(): boolean {
    return this.#isFull && performance.now() - this.#movedMs >= this.bounds.stalledMs
  }

  /** Closes it after what waits. */
  end(): void {
    this.#writer.flush()
    this.#isEnding = true
    this.#pump()
  }

  get #unreadBytes(): number {
    return this.#waitingBytes + this.stream.writableLength
  }

  get #isFull(): boolean {
    return this.#unreadBytes >= this.bounds.fullBytes
  }

  #add(text: string, encoding: BufferEncoding): boolean {
    if (!this.stream.writable) return false
    if (this.#takesNow && text.length <= pieceBytes) return this.#give(text, encoding) // the usual one, without a copy
    const bytes = Buffer.from(text, encoding)
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    this.#pump()
    if (this.#unreadBytes > this.bounds.mostBytes) this.giveUp()
    else if (this.#isFull) this.#patience ??= this.#watchFor(this.bounds.patienceMs)
    return this.#waitingBytes === 0
  }

  #pump(): void {
    while (!this.stream.writableNeedDrain && this.#waiting[0] !== undefined) this.#write(this.#waiting[0])
    if (this.#isEnding && this.#waitingBytes === 0) this.stream.end()
  }

  #write(bytes: Buffer): void {
    const piece = bytes.subarray(0, pieceBytes)
    if (piece.length === bytes.length) this.#waiting.shift()
    else this.#waiting[0] = bytes.subarray(pieceBytes)
    this.#waitingBytes -= piece.length
    this.#give(piece)
  }

  get #takesNow(): boolean {
    return this.#waitingBytes === 0 && !this.stream.writableNeedDrain
  }

  #give(piece: string | Buffer, encoding: BufferEncoding = 'utf8'): boolean {
    this.#movedMs = performance.now()
    return this.stream.write(piece, encoding)
  }

  /** Looks again when it will have had its time, for as long as much waits. */
  #watchFor(ms: number): NodeJS.Timeout {
    const look = () => {
      const leftMs = this.#movedMs + this.bounds.patienceMs - performance.now()
      this.#patience = this.#isFull && leftMs > 0 ? this.#watchFor(leftMs) : undefined
      if (this.#isFull && leftMs <= 0) this.giveUp()
    }
    return setTimeout(look, ms).unref()
  }

  #drop(): void {
    clearTimeout(this.#patience)
    this.#waiting.length = 0
    this.#waitingBytes = 0
  }
}
