import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { platform, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

const bundle = join(import.meta.dirname, '..', '..', 'dist', 'bridge.js')
/** What a caller could steer Gatehouse or its runtime with. */
const steering = {
  GATEHOUSE_KEYCHAIN: 'file',
  GATEHOUSE_VAULT_PASSPHRASE: 'a passphrase of the caller',
  GATEHOUSE_SHELL: 'electron',
  NODE_OPTIONS: '--title=steered',
  NODE_EXTRA_CA_CERTS: '/nowhere',
  ELECTRON_RUN_AS_NODE: '1',
  LD_LIBRARY_PATH: '/nowhere',
}
let folder: string
let home: string
let session: ChildProcess | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gatehouse-starts-'))
  home = join(folder, 'home')
  mkdirSync(join(folder, 'runtime'), { mode: 0o700 })
})
afterEach(async () => {
  const pid = appPid()
  if (pid !== undefined && isAlive(pid)) process.kill(pid, 'SIGTERM')
  if (pid !== undefined) await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 20_000 })
  if (session?.exitCode === null) {
    session.stdin?.end()
    await once(session, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

function appPid(): number | undefined {
  const endpoint = join(home, 'run', 'endpoint.json')
  return existsSync(endpoint) ? (JSON.parse(readFileSync(endpoint, 'utf8')) as { pid: number }).pid : undefined
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] !== 'Z'
  } catch {
    return false
  }
}

/** A bridge in a session bus of its own with an unlocked keyring, as on a person's desktop. */
function aBridge(): { said: () => string } {
  const unlocked = 'printf password | gnome-keyring-daemon --unlock --components=secrets >/dev/null; exec "$@"'
  const bridge = [
    'env',
    ...Object.entries(steering).map(([name, value]) => `${name}=${value}`),
    process.execPath,
    bundle,
  ]
  const started = spawn(
    'dbus-run-session',
    ['--', 'sh', '-c', unlocked, 'sh', ...bridge, '--client', 'editor', '--home', home],
    {
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        XDG_DATA_HOME: join(folder, 'data'),
        XDG_CONFIG_HOME: join(folder, 'config'),
        XDG_CACHE_HOME: join(folder, 'cache'),
        XDG_RUNTIME_DIR: join(folder, 'runtime'),
      },
      stdio: ['pipe', 'ignore', 'pipe'],
    },
  )
  session = started
  let said = ''
  started.stderr.on('data', (chunk) => {
    said += String(chunk)
  })
  return { said: () => said }
}

it.runIf(platform() === 'linux')(
  'the bridge starts the app hidden, out of reach of the caller’s environment, and asks it to pair',
  async () => {
    const bridge = aBridge()
    await vi.waitFor(() => expect(appPid(), bridge.said()).toBeDefined(), { timeout: 30_000, interval: 100 })
    const pid = appPid() as number
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
    const names = environment.map((line) => line.split('=')[0] ?? '')
    expect(names.filter((name) => /^(?:GATEHOUSE_|NODE_|ELECTRON_|LD_)/.test(name))).toEqual(['GATEHOUSE_HOME'])
    expect(environment).toContain(`GATEHOUSE_HOME=${home}`)
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
    expect(command).toEqual(expect.arrayContaining(['--hidden', '--no-open', '--home', home]))
    expect(existsSync(join(home, 'vault')), 'the caller chose where keys are kept').toBe(false)
    await vi.waitFor(() => expect(bridge.said()).toContain('editor'), { timeout: 20_000, interval: 100 })
  },
)
