import { fstatSync } from 'node:fs'
import { Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { memoryChange } from '../../../shared/contract/memory-tools.ts'

/** The pipe this process inherits beside its input and output. */
const inherited = 3
const message = z.union([
  z.object({ id: z.number(), result: z.unknown() }),
  z.object({ id: z.number(), error: z.string() }),
  z.object({ changed: memoryChange }),
])
type Change = z.output<typeof memoryChange>

interface Waiting {
  readonly done: (result: unknown) => void
  readonly failed: (error: Error) => void
}

/** What the engine refuses, in words for the model. */
export class Refused extends Error {}

/** The engine at the other end of the pipe. It does a call this process was given, and takes nothing of it from here. */
export class Engine {
  readonly #waiting = new Map<number, Waiting>()
  readonly #listeners = new Set<(change: Change) => void>()
  #last = 0

  constructor(private readonly pipe: Socket | undefined = openPipe()) {
    if (pipe === undefined) return
    pipe.unref() // the process ends with its input
    createInterface({ input: pipe }).on('line', (line) => this.#heard(line))
    pipe.on('error', () => {}).on('close', () => this.#ended())
  }

  /**
   * @param reference what Gatehouse calls the call; nothing can be done without it
   * @param given what was found out for it
   */
  run(reference: unknown, given?: unknown): Promise<unknown> {
    return this.#ask(reference, given === undefined ? {} : { given })
  }

  /** What the client is to be asked before the call is done, as `sampling/createMessage` takes it; null for nothing. */
  prepare(reference: unknown): Promise<unknown> {
    return this.#ask(reference, { prepare: true })
  }

  #ask(reference: unknown, more: object): Promise<unknown> {
    return new Promise((done, failed) => {
      if (typeof reference !== 'string' || this.pipe === undefined || !this.pipe.writable) throw new Refused(away)
      const id = ++this.#last
      this.#waiting.set(id, { done, failed })
      this.pipe.write(`${JSON.stringify({ id, call: reference, ...more })}\n`)
    })
  }

  onChange(listener: (change: Change) => void): void {
    this.#listeners.add(listener)
  }

  #heard(line: string): void {
    const heard = message.parse(JSON.parse(line))
    if ('changed' in heard) {
      for (const listener of this.#listeners) listener(heard.changed)
      return
    }
    const waiting = this.#waiting.get(heard.id)
    this.#waiting.delete(heard.id)
    if ('error' in heard) waiting?.failed(new Refused(heard.error))
    else waiting?.done(heard.result)
  }

  #ended(): void {
    for (const { failed } of this.#waiting.values()) failed(new Refused(away))
    this.#waiting.clear()
  }
}

const away = 'The memory is not available at the moment. Go on without it.'

/** None where nobody is at the other end: this server is being looked at by itself. */
function openPipe(): Socket | undefined {
  try {
    const found = fstatSync(inherited)
    return found.isSocket() || found.isFIFO()
      ? new Socket({ fd: inherited, readable: true, writable: true })
      : undefined
  } catch {
    return undefined
  }
}
