import type { Socket } from 'node:net'
import { z } from 'zod'
import { inputInvalid, tooLarge } from '../../../shared/errors.ts'
import { LineSplitter, longestLineBytes } from '../../../shared/wire/framing.ts'
import { type Answer, type ContractServer, type ShellLog, wireError } from '../serve-contract.ts'
import type { ControlCaller } from './control-guard.ts'
import { ProcessChallenge, type ProvenProcess } from './process-proof.ts'

const hello = z.object({ gatehouse: z.literal('control'), v: z.literal(1), pid: z.number().int().positive() })
const request = z.object({
  id: z.number(),
  channel: z.string().max(200),
  input: z.unknown().optional(),
  passphrase: z.string().max(4096).optional(),
})
const sign = z.union([z.object({ opened: z.literal(true) }), z.object({ subscribe: z.literal(true) })])
const message = z.union([request, sign])

export interface ConnectionParts {
  readonly server: ContractServer<ControlCaller>
  /** Readable by this user only; the process challenge lies there for a moment. */
  readonly runFolder: string
  readonly subscribe: (send: (text: string) => void) => () => void
  readonly log: ShellLog
}

/**
 * One command line: its first line is `{"gatehouse":"control","v":1,"pid"}`. It is answered by `{"gatehouse":"control","v":1,
 * "open":PATH}`; opening that file and saying `{"opened":true}` proves the process id. Then `{id, channel, input, passphrase?}`
 * is answered by `{id, ok, value|error}`, with `{id, waiting:true}` before it while a window asks, and `{subscribe:true}` by
 * events `{event, payload}`.
 */
export class ControlConnection {
  readonly #socket: Socket
  readonly #parts: ConnectionParts
  readonly #gone = new AbortController()
  #challenge: ProcessChallenge | undefined
  #claimedPid = 0
  #process: ProvenProcess | undefined
  #unsubscribe: (() => void) | undefined

  constructor(socket: Socket, parts: ConnectionParts) {
    this.#socket = socket
    this.#parts = parts
    socket.on('error', () => socket.destroy())
    socket.once('close', () => this.#end())
  }

  /** @param rest bytes that came after the first line */
  begin(firstLine: string, rest: Buffer): void {
    const greeting = hello.safeParse(parseJson(firstLine))
    if (!greeting.success) {
      this.#refuse()
      return
    }
    this.#claimedPid = greeting.data.pid
    this.#send({ gatehouse: 'control', v: 1, ...this.#challengeOpen() })
    const lines = new LineSplitter({ line: (line) => this.#line(line.toString('utf8')), tooLong: () => this.#refuse() })
    lines.push(rest)
    this.#socket.on('data', (chunk: Buffer) => lines.push(chunk))
  }

  #challengeOpen(): { open?: string } {
    if (process.platform !== 'linux') return {}
    try {
      this.#challenge = new ProcessChallenge(this.#parts.runFolder)
      return { open: this.#challenge.path }
    } catch (error) {
      this.#parts.log.error({ err: error }, 'a command line could not be asked who it is')
      return {}
    }
  }

  #line(text: string): void {
    if (!this.#socket.writable) return
    const { data: asked } = message.safeParse(parseJson(text))
    if (!asked) this.#refuse()
    else if ('channel' in asked) void this.#answer(asked)
    else if ('opened' in asked) this.#prove()
    else this.#unsubscribe ??= this.#parts.subscribe((event) => this.#sendText(event))
  }

  #prove(): void {
    this.#process = this.#challenge?.check(this.#claimedPid)
    this.#challenge = undefined
  }

  async #answer(asked: z.output<typeof request>): Promise<void> {
    const answer: Answer = await this.#parts.server.dispatch(asked.channel, asked.input, this.#caller(asked))
    this.#send({ id: asked.id, ...answer })
  }

  #caller(asked: z.output<typeof request>): ControlCaller {
    const process = this.#process
    return {
      carrier: 'cli',
      description: process ? describe(process) : 'command line (unproven process)',
      process,
      passphrase: asked.passphrase,
      signal: this.#gone.signal,
      waiting: () => this.#send({ id: asked.id, waiting: true }),
    }
  }

  /** What is not our protocol, or too long, ends the connection with the reason. */
  #refuse(): void {
    const error =
      this.#socket.bytesRead > longestLineBytes ? tooLarge('10 MB') : inputInvalid('Not a Gatehouse command.')
    this.#socket.end(`${JSON.stringify({ refused: wireError(error, this.#parts.log, 'en', 'control') })}\n`)
  }

  #send(value: object): void {
    this.#sendText(JSON.stringify(value))
  }

  #sendText(text: string): void {
    if (this.#socket.writable) this.#socket.write(`${text}\n`)
  }

  #end(): void {
    this.#gone.abort()
    this.#unsubscribe?.()
    this.#challenge?.withdraw()
  }
}

function describe({ program }: ProvenProcess): string {
  return `command line (pid ${program.pid}: ${[program.name, ...program.parents].join(' ← ')})`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
