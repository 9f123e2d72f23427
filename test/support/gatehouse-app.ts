import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { commandLine, openQuestion, type ToldQuestion } from './command-line.ts'
import { RawBridge } from './raw-bridge.ts'
import type { CommandResult } from './run-command.ts'
import { operatorPassphrase } from './running-app.ts'

export const root = resolve(import.meta.dirname, '..', '..')
export const vaultPassphrase = 'a vault for tests'
const recorder = join(import.meta.dirname, 'recorder-server', 'recorder-server.js')

export interface AppOptions {
  /** Added to a clean environment with a file vault and the operator passphrase; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Before `dist/main.js`: a launcher such as `setpriv …`, or switches of Node. */
  readonly launcher?: readonly string[]
  readonly nodeOptions?: readonly string[]
  readonly port?: number
}

/** What reached a recorder server. */
export interface Reached {
  readonly name: string
  readonly args?: Record<string, unknown>
}

/**
 * The built app (dist/main.js, browser shell) in a data folder of its own, as a person has it: started, killed, restarted; its
 * command line and its bridges. The folder outlives every run until `end()`.
 */
export class GatehouseApp {
  /** Everything of this test lies here; the data folder is `home`. */
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'gatehouse-it-')))
  readonly home = join(this.folder, 'home')
  readonly cache = join(this.folder, 'cache')
  stdout = ''
  stderr = ''
  loginUrl = ''
  readonly #options: AppOptions
  readonly #bridges: RawBridge[] = []
  #process: ChildProcess | undefined

  constructor(options: AppOptions = {}) {
    this.#options = options
    mkdirSync(this.home, { mode: 0o700 })
    mkdirSync(this.cache, { mode: 0o700 })
  }

  static start(options: AppOptions = {}): Promise<GatehouseApp> {
    return new GatehouseApp(options).start()
  }

  get pid(): number {
    return this.#process?.pid ?? 0
  }

  get endpoint(): {
    readonly httpUrl: string
    readonly mcpUrl: string
    readonly mcpHttpsUrl?: string
    readonly socket: string
  } {
    return JSON.parse(readFileSync(join(this.home, 'run', 'endpoint.json'), 'utf8'))
  }

  /** @throws with what the app wrote when it ends before it is ready */
  async start(again: AppOptions = {}): Promise<this> {
    const outcome = await this.attempt(again)
    if (outcome.code !== undefined) throw new Error(`The app ended with ${outcome.code}: ${outcome.stderr}`)
    return this
  }

  /** Starts it, whatever comes of it. @returns its exit code when it ended instead of becoming ready */
  async attempt(again: AppOptions = {}): Promise<{ code?: number; stderr: string }> {
    const options = { ...this.#options, ...again, env: { ...this.#options.env, ...again.env } }
    const { app, outcome } = launch(this.home, this.cache, options)
    app.stdout?.on('data', (chunk) => {
      this.stdout += chunk
    })
    app.stderr?.on('data', (chunk) => {
      this.stderr += chunk
    })
    const ended = await outcome
    if ('code' in ended) return ended
    this.#process = app
    this.loginUrl = ended.loginUrl
    return { stderr: ended.stderr }
  }

  async kill(): Promise<void> {
    await this.#signal('SIGKILL')
  }

  async stop(): Promise<void> {
    await this.#signal('SIGTERM')
  }

  /** Waits for the end of an app that was told to stop. */
  async gone(): Promise<void> {
    const app = this.#process
    this.#process = undefined
    if (app && app.exitCode === null && app.signalCode === null) await once(app, 'exit')
  }

  async restart(again: AppOptions = {}): Promise<this> {
    await this.stop()
    return this.start(again)
  }

  /** Ends the app and its bridges and removes everything. */
  async end(): Promise<void> {
    await this.endBridges()
    await this.stop()
    await rm(this.folder, { recursive: true, force: true })
  }

  async endBridges(): Promise<void> {
    await Promise.all(this.#bridges.splice(0).map((bridge) => bridge.kill()))
  }

  cli = (...args: string[]): Promise<CommandResult> => commandLine(this.home, args)
  operator = (...args: string[]): Promise<CommandResult> =>
    commandLine(this.home, args, { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase })

  /** What a verb answers with `--json`, asked with the passphrase. @throws when it is refused */
  async ask(...args: string[]): Promise<Record<string, unknown>> {
    const at = args.includes('--') ? args.indexOf('--') : args.length
    const done = await this.operator(...args.slice(0, at), '--json', ...args.slice(at))
    if (done.code !== 0) throw new Error(`gatehouse ${args.join(' ')}: ${done.err}${done.out}`)
    return JSON.parse(done.out) as Record<string, unknown>
  }

  /** A server that writes down what reaches it. */
  async addRecorder(name: string, ...options: string[]): Promise<void> {
    const place = this.recorderFolder(name)
    mkdirSync(place, { recursive: true })
    const files = [join(place, 'reached'), join(place, 'changed')]
    const given = ['--allow-path', place, ...(options.includes('--sandbox') ? [] : ['--sandbox', '0']), ...options]
    await this.ask('servers', 'add', name, '--yes', ...given, '--', process.execPath, recorder, ...files)
  }

  recorderFolder = (name: string): string => join(this.folder, 'servers', name)

  /** The calls that reached a recorder. */
  reached(name: string): Reached[] {
    const file = join(this.recorderFolder(name), 'reached')
    if (!existsSync(file)) return []
    return readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Reached)
  }

  /** A paired client's bridge, introduced. */
  async client(name: string, ...args: string[]): Promise<RawBridge> {
    await this.ask('clients', 'pair', name)
    return this.bridge(name, ...args).introduce()
  }

  bridge(name: string, ...args: string[]): RawBridge {
    const bridge = new RawBridge(this.home, name, args)
    this.#bridges.push(bridge)
    return bridge
  }

  /** The next open question that fits; those already open count. */
  question = (fits: (told: ToldQuestion) => boolean = () => true): Promise<string> => openQuestion(this.home, fits)

  async pending(): Promise<readonly { readonly id: string; readonly tool: string }[]> {
    const { approvals } = await this.ask('approvals', 'list')
    return (approvals as { id: string; tool: string; state: string }[]).filter(({ state }) => state === 'pending')
  }

  approve = (id: string, ...options: string[]) => this.ask('approvals', 'approve', id, ...options)

  async #signal(signal: NodeJS.Signals): Promise<void> {
    const app = this.#process
    this.#process = undefined
    if (!app || app.exitCode !== null || app.signalCode !== null) return
    const ended = once(app, 'exit')
    app.kill(signal)
    await ended
  }
}

/** An environment without anything of Gatehouse's or of the test runner's. */
export function cleanEnvironment(): Record<string, string> {
  const kept = Object.entries(process.env).filter(([name]) => !/^(?:GATEHOUSE_|VITEST|NODE_OPTIONS)/.test(name))
  return Object.fromEntries(kept) as Record<string, string>
}

/** What a launcher left behind may hold the streams open after the app's end. */
const lastWordsMs = 500

type Outcome =
  | { readonly loginUrl: string; readonly stderr: string }
  | { readonly code: number; readonly stderr: string }

/** Starts dist/main.js without waiting for it. `outcome` settles when it is ready or has ended. */
export function launch(
  home: string,
  cache: string,
  options: AppOptions,
): { readonly app: ChildProcess; readonly outcome: Promise<Outcome> } {
  const main = [...(options.nodeOptions ?? []), join(root, 'dist', 'main.js')]
  const args = [...main, '--shell', 'browser', '--no-open', '--port', String(options.port ?? 0), '--home', home]
  const [program = '', ...rest] = [...(options.launcher ?? []), process.execPath, ...args]
  const app = spawn(program, rest, { env: environmentOf(cache, options), stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  app.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk
  })
  const outcome = new Promise<Outcome>((done) => {
    createInterface({ input: app.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      const loginUrl = /^Gatehouse is ready (\S+)/.exec(line)?.[1]
      if (loginUrl) done({ loginUrl, stderr })
    })
    const ended = (code: number | null) => done({ code: code ?? -1, stderr })
    app.once('close', ended)
    app.once('exit', (code) => setTimeout(ended, lastWordsMs, code))
  })
  return { app, outcome }
}

function environmentOf(cache: string, options: AppOptions): Record<string, string> {
  const given = {
    ...cleanEnvironment(),
    XDG_CACHE_HOME: cache,
    GATEHOUSE_KEYCHAIN: 'file',
    GATEHOUSE_VAULT_PASSPHRASE: vaultPassphrase,
    GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
    ...options.env,
  }
  const set = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return Object.fromEntries(set)
}

/** Pids whose command line or environment names this text: whatever a test's app left behind. Linux only. */
export function processesNaming(text: string): { readonly pid: number; readonly command: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ')
        return command.includes(text) ? [{ pid: Number(name), command }] : []
      } catch {
        return []
      }
    })
}
