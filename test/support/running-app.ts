import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { commandLine } from './command-line.ts'
import { type CommandResult, environmentWithoutOurs, operatorPassphrase, runCommand } from './run-command.ts'

export { operatorPassphrase }

const root = resolve(import.meta.dirname, '..', '..')

export interface RunningApp {
  readonly home: string
  readonly pid: number
  readonly loginUrl: string
  /** A verb of the command line, without a terminal and without the passphrase. */
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
  /** Its verbs are processes of their own, of the built command line. */
  readonly realCommandLine?: boolean
  /** Hears what it writes before it is ready. */
  readonly onLine?: (line: string) => void
  /** Hears the process at once, to end one that never gets ready. */
  readonly onProcess?: (app: ChildProcess) => void
}

/** The built app (dist/main.js) with the browser shell and a vault, in a new data folder unless one is given. */
export async function runningApp(options: RunningOptions = {}): Promise<RunningApp> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'gatehouse-app-')))
  const words = ['--shell', 'browser', '--no-open', '--port', '0', '--home', home, ...(options.args ?? [])]
  const args = [join(root, 'dist', 'main.js'), ...words]
  const env = {
    ...environmentWithoutOurs(),
    GATEHOUSE_KEYCHAIN: 'file',
    GATEHOUSE_VAULT_PASSPHRASE: 'a vault for tests',
    GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase,
    ...options.env,
  }
  const app = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  options.onProcess?.(app)
  const loginUrl = await readyLine(app, options.onLine)
  const run = options.realCommandLine ? runCommand : commandLine
  const withPassphrase = { GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase }
  return {
    home,
    loginUrl,
    pid: app.pid ?? 0,
    cli: (...verb) => run(home, verb),
    operator: (...verb) => run(home, verb, withPassphrase),
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
