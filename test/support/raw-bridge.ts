import { type ChildProcess, spawn } from 'node:child_process'
import { join, resolve } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

const bundle = join(resolve(import.meta.dirname, '..', '..'), 'dist', 'bridge.js')

export interface RawMessage {
  readonly id?: unknown
  readonly method?: string
  readonly params?: Record<string, unknown>
  readonly result?: Record<string, unknown>
  readonly error?: { readonly code: number; readonly message: string; readonly data?: Record<string, unknown> }
}

/** The built bridge as an AI app starts it, spoken to line by line; nothing between the test and its pipes. */
export class RawBridge {
  readonly messages: RawMessage[] = []
  readonly exited: Promise<number | null>
  stderr = ''
  stdout = ''
  readonly #process: ChildProcess
  readonly #lines: Interface
  readonly #waiting = new Set<() => void>()
  #lastId = 0

  constructor(home: string, client: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) {
    this.#process = spawn(process.execPath, [bundle, '--client', client, '--home', home, '--no-start', ...args], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env,
    })
    this.#lines = createInterface({ input: this.#process.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.stdout += `${line}\n`
      this.messages.push(JSON.parse(line) as RawMessage)
      for (const check of [...this.#waiting]) check()
    })
    this.#process.stderr?.on('data', (chunk) => {
      this.stderr += chunk
    })
    this.#process.stdin?.on('error', () => {})
    this.exited = new Promise((done) => this.#process.once('exit', (code) => done(code)))
  }

  get pid(): number {
    return this.#process.pid ?? 0
  }

  /** What is answered from here on stays where it is. */
  stopReading(): void {
    this.#lines.removeAllListeners('line').pause()
  }

  raw(bytes: string): void {
    this.#process.stdin?.write(bytes)
  }

  /** @returns its answer, once it is there; the bridge's end is an error */
  async request(method: string, params: object = {}): Promise<RawMessage> {
    return this.answer(this.send(method, params))
  }

  /** @returns the id */
  send(method: string, params: object = {}): number {
    const id = ++this.#lastId
    this.raw(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`)
    return id
  }

  notify(method: string, params: object = {}): void {
    this.raw(`${JSON.stringify({ jsonrpc: '2.0', method, params })}\n`)
  }

  answer(id: unknown): Promise<RawMessage> {
    return this.find((message) => message.id === id && message.method === undefined)
  }

  find(wanted: (message: RawMessage) => boolean): Promise<RawMessage> {
    return new Promise((done, failed) => {
      void this.exited.then(() => setTimeout(() => failed(new Error(`The bridge ended: ${this.stderr}`)), 100))
      const check = () => {
        const found = this.messages.find(wanted)
        if (!found) return
        this.#waiting.delete(check)
        done(found)
      }
      this.#waiting.add(check)
      check()
    })
  }

  async introduce(): Promise<this> {
    const clientInfo = { name: 'raw', version: '1' }
    const answer = await this.request('initialize', { protocolVersion: '2025-11-25', capabilities: {}, clientInfo })
    if (answer.error) throw new Error(answer.error.message)
    this.notify('notifications/initialized')
    return this
  }

  call(name: string, given: object = {}): Promise<RawMessage> {
    return this.request('tools/call', { name, arguments: given })
  }

  /** The client goes away, as an AI app does that is closed. @returns the bridge's exit code */
  close(): Promise<number | null> {
    this.#process.stdin?.end()
    return this.exited
  }

  kill(): Promise<number | null> {
    this.#process.kill('SIGKILL')
    return this.exited
  }
}

/** What a model would read of an answer: the text of a result, or the error's message. */
export function said(message: RawMessage): string {
  const content = message.result?.content as { readonly text?: string }[] | undefined
  return content?.map((part) => part.text ?? '').join('\n') ?? message.error?.message ?? ''
}
