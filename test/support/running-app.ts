import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'

const root = resolve(import.meta.dirname, '..', '..')
export const operatorPassphrase = 'correct horse battery'

export interface CommandResult {
  readonly out: string
  readonly err: string
  readonly code: number
}
export interface RunningApp {
  readonly home: string
  readonly pid: number
  readonly loginUrl: string
  /** Runs the command line as a process of its own, without a terminal and without the passphrase. */
  cli(...args: string[]): Promise<CommandResult>
  /** The same with the operator passphrase in its environment. */
  operator(...args: string[]): Promise<CommandResult>
  /** Waits until it has ended by itself. */
  stopped(): Promise<void>
  /** Ends the app and waits for it. */
  end(): Promise<void>
}

export interface RunningOptions {
  readonly home?: string
  readonly env?: Readonly<Record<string, string>>
  readonly args?: readonly string[]
  /** Hears what it writes before it is ready. */
  readonly onLine?: (line: string) => void
  /** Hears the process at once, to end one that never gets ready. */
  readonly onProcess?: (app: ChildProcess) => void
}

const ownVariables = (name: string) => name.startsWith('GATEHOUSE_')
const cleanEnvironment = () => Object.fromEntries(Object.entries(process.env).filter(([name]) => !ownVariables(name)))

export async function runCommand(home: string, args: readonly string[], env: Record<string, string> = {}) {
  const command = spawn(process.execPath, [join(root, 'dist', 'cli.js'), '--home', home, ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true, // a session of its own: no terminal to ask on
  })
  const [out, err, [code]] = await Promise.all([text(command.stdout), text(command.stderr), once(command, 'close')])
  return { out, err, code: code as number }
}

/** A verb that goes on: its lines, until it is stopped. */
export function watchCommand(home: string, args: readonly string[]) {
  const command = spawn(process.execPath, [join(root, 'dist', 'cli.js'), '--home', home, ...args], {
    env: cleanEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return { lines: createInterface({ input: command.stdout }), stop: () => command.kill() }
}

/** The built app (dist/main.js) with the browser shell and a vault, in a new data folder unless one is given. */
export async function runningApp(options: RunningOptions = {}): Promise<RunningApp> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'gatehouse-app-')))
  const words = ['--shell', 'browser', '--no-open', '--port', '0', '--home', home, ...(options.args ?? [])]
  const args = [join(root, 'dist', 'main.js'), ...words]
  const env = {
    ...cleanEnvironment(),
    GATEHOUSE_KEYCHAIN: 'file',
    GATEHOUSE_VAULT_PASSPHRASE: 'a vault for tests',
    GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
    ...options.env,
  }
  const app = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  options.onProcess?.(app)
  const loginUrl = await readyLine(app, options.onLine)
  const withPassphrase = { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }
  return {
    home,
    loginUrl,
    pid: app.pid ?? 0,
    cli: (...verb) => runCommand(home, verb),
    operator: (...verb) => runCommand(home, verb, withPassphrase),
    stopped: () => ended(app),
    end: async () => {
      if (app.exitCode === null && app.signalCode === null) {
        const ended = once(app, 'exit')
        app.kill('SIGTERM')
        await ended
      }
      if (!options.home) await rm(home, { recursive: true, force: true })
    },
  }
}

export async function ended(app: ChildProcess): Promise<void> {
  if (app.exitCode === null && app.signalCode === null) await once(app, 'exit')
}

/** @returns the sign-in link @throws with what the app wrote when it ends before it is ready */
async function readyLine(app: ChildProcess, onLine: (line: string) => void = () => {}): Promise<string> {
  let complaint = ''
  app.stderr?.on('data', (chunk: Buffer) => {
    complaint += chunk
  })
  if (!app.stdout) throw new Error('the app has no stdout')
  for await (const line of createInterface({ input: app.stdout })) {
    onLine(line)
    const url = /^Gatehouse is ready (\S+)/.exec(line)?.[1]
    if (url) return url
  }
  throw new Error(`The app ended before it was ready: ${complaint}`)
}
