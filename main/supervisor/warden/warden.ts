/**
 * The warden: a small process of its own that outlives the app by a moment. The app tells it which processes it started;
 * when the pipe between them closes, because the app ended or was killed, it ends what is left and goes.
 * It starts nothing, listens on nothing and kills only what it was told, after checking that it is still the same process, and
 * what carries a mark of this run of the app.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { endMarked, installationOf, markOf } from './marks.ts'
import { identify, type Known } from './processes.ts'
import { forgetRecord, writeRecord } from './record.ts'

export interface WardenOptions {
  /** A plain Node; the app's own when it runs on Node. */
  readonly node: string
  /** `dist/warden.js`. */
  readonly script: string
  /** `run/servers.json`: what the next start reaps when even the warden was killed. */
  readonly recordFile: string
}

/** A warden that keeps dying is started less often: the record file still covers the next start. */
const mostRestarts = 5
const pauseMs = 30_000
/** How long ended servers are collected, to be looked after by one look at all processes. */
const sweepAfterMs = 20

export class Warden {
  readonly #options: WardenOptions
  readonly #watched = new Map<number, Known>()
  readonly #marks = new Map<number, string>()
  readonly #ended = new Set<string>()
  readonly #run: string
  #started = 0
  #process: ChildProcess | undefined
  #restarts = 0
  #stopping = false

  constructor(options: WardenOptions) {
    this.#options = options
    this.#run = `${installationOf(options.recordFile)}.${randomBytes(8).toString('hex')}`
  }

  /** For the environment of the next process, as `_GATEHOUSE_RUN`. */
  newMark = (): string => `${this.#run}.${++this.#started}`

  start(): void {
    if (this.#process || this.#stopping) return
    const child = spawn(this.#options.node, [this.#options.script], {
      stdio: ['pipe', 'ignore', 'ignore'],
      detached: true,
      env: {},
      cwd: '/',
    })
    this.#process = child
    child.stdin?.on('error', () => {})
    child.once('error', () => this.#gone(child))
    child.once('exit', () => this.#gone(child))
    child.unref()
    ;(child.stdin as { unref?: () => void } | null)?.unref?.()
    this.#tell(`= ${this.#run}`)
    for (const known of this.#watched.values()) this.#tell(`+ ${JSON.stringify(known)}`)
  }

  /** The warden's own process id, while it runs. */
  get pid(): number | undefined {
    return this.#process?.pid
  }

  /** @param pid leader of a process group the app started (`detached: true`) */
  watch(pid: number): void {
    const known = identify(pid)
    if (!known) return
    this.start()
    this.#watched.set(pid, known)
    const mark = markOf(pid)
    if (mark?.startsWith(`${this.#run}.`)) this.#marks.set(pid, mark)
    this.#tell(`+ ${JSON.stringify(known)}`)
    writeRecord(this.#options.recordFile, [...this.#watched.values()])
  }

  /** After the process ended in good order. What it left behind, out of its group and session, is ended a moment later. */
  unwatch(pid: number): void {
    if (!this.#watched.delete(pid)) return
    this.#tell(`- ${pid}`)
    this.#sweepSoon(pid)
    writeRecord(this.#options.recordFile, [...this.#watched.values()])
  }

  /** Lets the warden go; whatever is still watched is ended by it. Resolves when it has gone. */
  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#process
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise<void>((done) => child.once('exit', () => done()))
      child.ref()
      child.stdin?.end()
      await gone
    }
    this.#watched.clear()
    forgetRecord(this.#options.recordFile)
  }

  #tell(line: string): void {
    this.#process?.stdin?.write(`${line}\n`)
  }

  #sweepSoon(pid: number): void {
    const mark = this.#marks.get(pid)
    this.#marks.delete(pid)
    if (mark === undefined || this.#stopping) return
    if (this.#ended.size === 0) setTimeout(() => this.#sweep(), sweepAfterMs)
    this.#ended.add(mark)
  }

  #sweep(): void {
    const marks = [...this.#ended]
    this.#ended.clear()
    endMarked(marks)
  }

  #gone(child: ChildProcess): void {
    if (this.#process !== child) return
    this.#process = undefined
    if (this.#stopping) return
    this.#restarts += 1
    if (this.#restarts <= mostRestarts) this.start()
    else setTimeout(() => this.start(), pauseMs).unref()
  }
}
