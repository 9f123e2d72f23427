import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appFlags, withAllocator } from '../../shared/wire/app-flags.ts'

const root = join(import.meta.dirname, '../..')
const passphrase = 'bench operator passphrase'

/** The built app with a data folder of its own, set up by the command line as a person would. */
export class GatehouseUnderTest {
  readonly home = mkdtempSync(join(tmpdir(), 'gatehouse-bench-'))
  readonly environment: NodeJS.ProcessEnv = {
    ...process.env,
    HOME: this.home, // no AI app of whoever runs this is found
    GATEHOUSE_KEYCHAIN: 'file',
    GATEHOUSE_VAULT_PASSPHRASE: 'bench vault passphrase',
    GATEHOUSE_OPERATOR_PASSPHRASE: passphrase,
    GATEHOUSE_LOG_LEVEL: 'warn',
  }
  #app: ChildProcess | undefined
  /** Signs a browser in, once. */
  loginUrl = ''

  async start(): Promise<this> {
    const args = [...appFlags, join(root, 'dist/main.js'), '--shell', 'browser', '--no-open', '--home', this.home]
    this.#app = spawn(process.execPath, args, {
      env: withAllocator(this.environment),
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await new Promise<void>((resolve, reject) => {
      this.#app?.stdout?.setEncoding('utf8').on('data', (text: string) => {
        const [, url] = /^Gatehouse is ready (\S+)/m.exec(text) ?? []
        if (url === undefined) return
        this.loginUrl = url
        resolve()
      })
      this.#app?.once('exit', (code) => reject(new Error(`Gatehouse ended with ${code}`)))
    })
    return this
  }

  get pid(): number {
    return this.#app?.pid ?? 0
  }

  get endpoint(): { mcpUrl: string } {
    return JSON.parse(readFileSync(join(this.home, 'run/endpoint.json'), 'utf8'))
  }

  /** @returns the verb's JSON document */
  cli(...args: string[]): Record<string, unknown> {
    const all = [
      join(root, 'dist/cli.js'),
      ...args.slice(0, args.includes('--') ? args.indexOf('--') : undefined),
      '--json',
      '--home',
      this.home,
    ]
    const command = args.includes('--') ? args.slice(args.indexOf('--')) : []
    const done = spawnSync(process.execPath, [...all, ...command], { env: this.environment, encoding: 'utf8' })
    if (done.status !== 0) throw new Error(`gatehouse ${args.join(' ')}: ${done.stdout}${done.stderr}`)
    return JSON.parse(done.stdout || '{}') as Record<string, unknown>
  }

  /** Ends the app; the data folder stays for the next start. */
  async halt(): Promise<void> {
    const ended = new Promise((resolve) => this.#app?.once('exit', resolve))
    this.#app?.kill('SIGTERM')
    await ended
  }

  async stop(): Promise<void> {
    await this.halt()
    rmSync(this.home, { recursive: true, force: true })
  }
}
