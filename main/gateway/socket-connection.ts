import type { Socket } from 'node:net'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'
import { errorLine, idInEnds, type LineEnds, LineSplitter } from '../../shared/wire/framing.ts'
import type { LineChannel } from '../../shared/wire/hello.ts'
import { TurnWriter } from '../../shared/wire/turn-writer.ts'
import { receivedMessage } from './received-message.ts'
import type { StandingConnection } from './standing-connection.ts'
import { type Reader, Unread } from './unread.ts'

const invalidRequestCode = -32_600

/**
 * A bridge's connection: first a channel of handshake lines, then, from `asTransport` on, an MCP transport. What can't
 * be read is answered alone; the connection stays.
 */
export class SocketConnection implements LineChannel, StandingConnection, Reader {
  /** Known once it proved itself. */
  client = 'Someone'
  readonly #splitter: LineSplitter
  readonly #waiting: string[] = []
  #asked: { resolve: (line: string) => void; reject: (error: Error) => void } | undefined
  #onLine: (line: Buffer) => void = (line) => this.#keep(line.toString('utf8'))
  #gone = false
  readonly #writer = new TurnWriter({ write: (text, encoding) => this.#send(text, encoding) })

  constructor(
    readonly socket: Socket,
    firstBytes?: Buffer,
    private readonly unread = new Unread(),
  ) {
    this.#splitter = new LineSplitter({
      line: (line) => this.#onLine(line),
      tooLong: (ends) => this.#refuseLength(ends),
    })
    socket.on('data', (chunk) => this.#splitter.push(chunk as Buffer))
    socket.on('close', () => this.#leave())
    socket.on('error', () => socket.destroy())
    if (firstBytes && firstBytes.length > 0) this.#splitter.push(firstBytes)
  }

  send(line: string): void {
    this.write(`${line}\n`)
  }

  next(): Promise<string> {
    const line = this.#waiting.shift()
    if (line !== undefined) return Promise.resolve(line)
    if (this.#gone) return Promise.reject(new Error('The connection is gone'))
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject }
    })
  }

  /** What is written within one turn of the event loop leaves in one piece. Who does not read is cut off in the end. */
  write(text: string): boolean {
    if (this.unread.leavesOut(text, this)) return true
    return this.socket.writable && this.#writer.write(text)
  }

  say(text: string): void {
    this.write(`${text}\n`)
  }

  /** Closes it once everything said is on its way. */
  end(): void {
    this.#writer.flush()
    this.socket.end()
  }

  onceClosed(then: () => void): void {
    this.socket.once('close', then)
  }

  /**
   * From here on the lines are MCP; those already here are delivered once the transport starts.
   * @param takes sees each message first, and says whether it took it
   */
  asTransport(takes: (message: JSONRPCMessage) => boolean = () => false): Transport {
    const connection = this
    const transport: Transport = {
      async start() {
        const deliver = (message: JSONRPCMessage) => takes(message) || transport.onmessage?.(message)
        connection.#onLine = (line) => connection.#deliver(line, deliver)
        for (const line of connection.#waiting.splice(0)) connection.#deliver(Buffer.from(line), deliver)
      },
      async send(message) {
        if (!connection.write(`${JSON.stringify(message)}\n`) && !connection.socket.writable)
          throw new Error('The bridge is gone')
      },
      async close() {
        connection.end()
      },
    }
    this.socket.once('close', () => transport.onclose?.())
    return transport
  }

  get unreadBytes(): number {
    return this.socket.writableLength
  }

  cutOff(): void {
    this.socket.destroy()
  }

  #send(text: string, encoding: BufferEncoding): boolean {
    if (!this.socket.writable) return false
    const piece = encoding === 'latin1' ? text : Buffer.from(text, encoding) // a socket counts a text by its characters
    return this.unread.mayTell(this, piece.length) && this.socket.write(piece, encoding)
  }

  #keep(line: string): void {
    const asked = this.#asked
    this.#asked = undefined
    if (asked) asked.resolve(line)
    else this.#waiting.push(line)
  }

  #leave(): void {
    this.#gone = true
    this.unread.left(this)
    this.#asked?.reject(new Error('The connection is gone'))
    this.#asked = undefined
  }

  #deliver(line: Buffer, deliver: (message: JSONRPCMessage) => void): void {
    const received = receivedMessage(line.toString('utf8'))
    if ('message' in received) deliver(received.message)
    else this.write(received.refusal)
  }

  #refuseLength({ head, tail, sizeBytes }: LineEnds): void {
    const text = `The message of ${Math.ceil(sizeBytes / 1_048_576)} MB is larger than 10 MB and was not processed`
    this.write(errorLine(idInEnds(head, tail), invalidRequestCode, text, { 'gatehouse/code': 'wire.too-large' }))
  }
}
