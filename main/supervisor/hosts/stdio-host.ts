import { type ChildProcess, spawn } from 'node:child_process'
import type { Duplex, Readable, Writable } from 'node:stream'
import type { Confinement } from '../../sandbox/sandbox.ts'
import { lineReader } from '../json-lines.ts'
import { ServerInput } from './server-input.ts'

/** Ends process groups that outlive the app (its own small program). */
export interface Warden {
  /** @param pid leader of a process group */
  watch(pid: number): void
  unwatch(pid: number): void
}

export interface ProcessEvents {
  line(line: string): void
  stderr(text: string): void
  /** Once. `problem` is a sentence's end for the person: “it ended with code 1”. */
  ended(problem: string): void
}

/** One server process and everything it started, as one group. */
export interface ServerProcess {
  readonly pid: number
  /** Its file descriptor 3, where one was asked for. */
  readonly pipe?: Duplex
  send(line: string): void
  /** It reads nothing while much waits for it: it is to get no more calls for now. */
  readonly isFull: boolean
  /** Ends it with a reason of ours, at once. */
  kill(problem: string): void
  /** Closes its input, then asks, then forces. Resolves when it is gone. */
  stop(): Promise<void>
}

/** Largest message from a server. */
const longestLineBytes = 48 * 1024 * 1024
const politeMs = 250
const forceMs = 2000
/** How long output is still read after the leader ended; a helper may hold the pipe open. */
const lastWordsMs = 200

/**
 * Spawns a confined command line directly, in its own process group, and reads its output line by line.
 * @param piped whether it inherits a pipe beside its input and output
 * @throws Error with a sentence's end when it can't be started
 */
export async function startStdioProcess(
  confinement: Confinement,
  warden: Warden,
  events: ProcessEvents,
  piped = false,
): Promise<ServerProcess> {
  const [file, ...args] = confinement.argv
  const child = spawn(file ?? '', args, {
    env: { ...confinement.env },
    cwd: confinement.cwd,
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe', ...(piped ? (['pipe'] as const) : [])],
    windowsHide: true,
  }) as Spawned
  const pid = await spawned(child)
  child.on('error', () => {}) // a signal that could not be delivered
  try {
    warden.watch(pid)
    return new StdioProcess(child, pid, confinement, warden, events)
  } catch (error) {
    signalGroup(pid, 'SIGKILL') // nobody would watch over it
    throw error
  }
}

type Spawned = ChildProcess & { readonly stdin: Writable; readonly stdout: Readable; readonly stderr: Readable }

function spawned(child: Spawned): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('spawn', () => resolve(child.pid ?? 0))
    child.once('error', (error: NodeJS.ErrnoException) => reject(new Error(whyNotStarted(error), { cause: error })))
  })
}

function whyNotStarted(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return 'its program was not found.'
  if (error.code === 'EACCES') return 'its program may not be executed.'
  return `it could not be started (${error.code ?? 'unknown reason'}).`
}

class StdioProcess implements ServerProcess {
  readonly pipe?: Duplex
  readonly #gone: Promise<void>
  #problem: string | undefined
  readonly #input: ServerInput

  constructor(
    private readonly child: Spawned,
    readonly pid: number,
    private readonly confinement: Confinement,
    private readonly warden: Warden,
    events: ProcessEvents,
  ) {
    const read = lineReader(
      longestLineBytes,
      (line) => events.line(line),
      () => this.kill('it sent a message over 48 MB.'),
    )
    child.stdout.on('data', read)
    child.stderr.setEncoding('utf8').on('data', (text: string) => events.stderr(text))
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {})
    this.#input = new ServerInput(child.stdin, () => this.kill('it does not read its input.'))
    const pipe = child.stdio[3]
    if (pipe) this.pipe = (pipe as Duplex).on('error', () => {})
    this.#gone = this.#whenGone(events)
    confinement.guard(pid, (sentence) => this.kill(sentence))
  }

  send(line: string): void {
    this.#input.send(line)
  }

  get isFull(): boolean {
    return this.#input.isStalled
  }

  kill(problem: string): void {
    this.#problem ??= problem
    this.#signal('SIGKILL')
  }

  async stop(): Promise<void> {
    this.#problem ??= 'it was stopped.'
    this.#input.end()
    const ask = setTimeout(() => this.#signal('SIGTERM'), politeMs)
    const force = setTimeout(() => this.#signal('SIGKILL'), politeMs + forceMs)
    await this.#gone
    clearTimeout(ask)
    clearTimeout(force)
  }

  async #whenGone(events: ProcessEvents): Promise<void> {
    const closed = new Promise<void>((resolve) => this.child.once('close', () => resolve()))
    const ending = await new Promise<string>((resolve) =>
      this.child.once('exit', (code, signal) =>
        resolve(signal === null ? `it ended with code ${code}.` : `it was ended by ${signal}.`),
      ),
    )
    this.#signal('SIGKILL') // whatever it started goes with it
    await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, lastWordsMs))])
    for (const stream of [this.child.stdin, this.child.stdout, this.child.stderr, this.pipe]) stream?.destroy()
    try {
      this.warden.unwatch(this.pid)
      await this.confinement.release()
    } catch (error) {
      events.stderr(`(what was left of it could not be cleared: ${error instanceof Error ? error.message : error})\n`)
    }
    events.ended(this.#problem ?? ending)
  }

  #signal(signal: NodeJS.Signals): void {
    signalGroup(this.pid, signal)
  }
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // the group is gone already
  }
}
