import type { Duplex } from 'node:stream'
import { z } from 'zod'
import type { WorkspaceName } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { lineReader } from './json-lines.ts'
import type { Engine } from './ports.ts'

/** One line of JSON, from the face. */
const asked = z.strictObject({
  id: z.number().int().nonnegative(),
  call: z.string(),
  given: z.unknown().optional(),
  /** Only says what the client is to be asked first. */
  prepare: z.literal(true).optional(),
})

const longestLineBytes = 1024 * 1024
/** Bytes that may wait for a face that does not read. */
const mostUnreadBytes = 64 * 1024 * 1024

export interface EnginePipeParts {
  readonly engine: Engine
  readonly workspace: WorkspaceName
  readonly pipe: Duplex
  /** A call this very process works on. */
  readonly running: (id: string) => Equipped | undefined
  /** Ends the process, with a sentence's end for the person. */
  readonly kill: (problem: string) => void
}

/**
 * Gatehouse's end of the pipe to the process of a bundled server. All that can be asked through it is to do, once, a call the
 * process was given and has not answered, and before that, once, what its client is to be asked; so a process that someone took over can do nothing but what was judged, and learns
 * nothing but what those calls answer.
 */
export class EnginePipe {
  readonly #done = new WeakSet<object>()
  readonly #asked = new WeakSet<object>()
  readonly #stopWatching: () => void

  constructor(private readonly parts: EnginePipeParts) {
    const { pipe, engine, workspace } = parts
    const read = lineReader(
      longestLineBytes,
      (line) => void this.#answer(line),
      () => parts.kill('it sent its engine a message over 1 MB.'),
    )
    pipe.on('data', read)
    this.#stopWatching = engine.watch(workspace, (change) => this.#send({ changed: change }))
  }

  close(): void {
    this.#stopWatching()
    this.parts.pipe.destroy()
  }

  async #answer(line: string): Promise<void> {
    const request = parsed(line)
    if (request === undefined) return this.parts.kill('it sent its engine what is no request.')
    const { id, call, given, prepare } = request
    try {
      this.#send({ id, result: prepare ? (this.#prepared(call) ?? null) : await this.#run(call, given) })
    } catch (error) {
      this.#send({ id, error: wordsFor(error) })
    }
  }

  #prepared(id: string): unknown {
    const call = this.#once(id, this.#asked)
    return this.#done.has(call) ? undefined : this.parts.engine.prepare?.(call)
  }

  async #run(id: string, given: unknown): Promise<unknown> {
    return this.parts.engine.run(this.#once(id, this.#done), given)
  }

  #once(id: string, before: WeakSet<object>): Equipped {
    const call = this.parts.running(id)
    if (call === undefined || before.has(call)) throw new Error('no such call')
    before.add(call)
    return call
  }

  #send(message: object): void {
    const { pipe, kill } = this.parts
    if (!pipe.writable) return
    pipe.write(`${JSON.stringify(message)}\n`)
    if (pipe.writableLength > mostUnreadBytes) kill('it does not read what its engine answers.')
  }
}

function parsed(line: string): z.output<typeof asked> | undefined {
  try {
    return asked.safeParse(JSON.parse(line)).data
  } catch {
    return undefined
  }
}

/** For the model; nothing of what was not meant for it. */
const wordsFor = (error: unknown): string =>
  error instanceof GatehouseError ? sentence(error, 'model') : 'The call could not be done.'
