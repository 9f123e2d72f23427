import { type ChildProcess, spawn } from 'node:child_process'

export interface Answer {
  readonly id?: number
  readonly result?: {
    readonly content?: readonly { readonly text?: string }[]
    readonly tools?: readonly { name: string }[]
  }
  readonly error?: { readonly message: string }
}

/** One way to reach the echo tool: what is measured. */
export interface Line {
  readonly name: string
  request(method: string, params: object): Promise<Answer>
  close(): Promise<void>
}

const initialize = {
  protocolVersion: '2025-11-25',
  capabilities: {},
  clientInfo: { name: 'gatehouse-bench', version: '1' },
}

/** A bare JSON-RPC client over a process's stdin and stdout: the same for every line, so that only the line differs. */
export class StdioLine implements Line {
  readonly #waiting = new Map<number, (answer: Answer) => void>()
  #lastId = 0
  #rest = ''
  readonly name: string
  readonly process: ChildProcess

  constructor(name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.name = name
    this.process = spawn(command, args, {
      stdio: ['pipe', 'pipe', process.env.BENCH_DEBUG ? 'inherit' : 'ignore'],
      env,
    })
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => this.#read(text))
    this.process.on('exit', () => {
      for (const answer of this.#waiting.values()) answer({ error: { message: `${name} ended` } })
    })
  }

  async connect(): Promise<this> {
    const answer = await this.request('initialize', initialize)
    if (answer.error) throw new Error(`${this.name}: ${answer.error.message}`)
    this.#send({ jsonrpc: '2.0', method: 'notifications/initialized' })
    return this
  }

  request(method: string, params: object): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve)
      this.#send({ jsonrpc: '2.0', id, method, params })
    })
  }

  async close(): Promise<void> {
    if (this.process.exitCode !== null) return
    const ended = new Promise((resolve) => this.process.once('exit', resolve))
    this.process.stdin?.end()
    const impatient = setTimeout(() => this.process.kill('SIGKILL'), 3_000)
    await ended
    clearTimeout(impatient)
  }

  #send(message: object): void {
    this.process.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  #read(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') continue
      const message = JSON.parse(line) as Answer
      if (message.id === undefined || !(message.result || message.error)) continue
      this.#waiting.get(message.id)?.(message)
      this.#waiting.delete(message.id)
    }
  }
}
