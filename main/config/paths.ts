import { homedir, platform, tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'

/** Where everything lies (INTERFACES, "Data folder"). Absolute paths. */
export interface Paths {
  readonly home: string
  readonly database: string
  readonly audit: string
  readonly vault: string
  readonly clients: string
  readonly packages: string
  readonly config: string
  readonly run: string
  readonly socket: string
  readonly endpoint: string
  readonly bin: string
  readonly logs: string
  readonly backups: string
  readonly lock: string
  /** Servers' private temp folders; outside the data folder. */
  readonly serverTemp: string
}

/** A Unix socket path has room for 107 bytes on Linux and 103 on macOS. */
const longestSocketPath = 100

export function defaultHome(env: NodeJS.ProcessEnv = process.env): string {
  if (env.GATEHOUSE_HOME) return env.GATEHOUSE_HOME
  const home = homedir()
  switch (platform()) {
    case 'darwin':
      return join(home, 'Library', 'Application Support', 'Gatehouse')
    case 'win32':
      return join(env.APPDATA ?? join(home, 'AppData', 'Roaming'), 'Gatehouse')
    default:
      return join(env.XDG_CONFIG_HOME ?? join(home, '.config'), 'gatehouse')
  }
}

export function pathsIn(home: string, env: NodeJS.ProcessEnv = process.env): Paths {
  const run = join(home, 'run')
  const cache =
    platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : (env.XDG_CACHE_HOME ?? join(homedir(), '.cache'))
  return {
    home,
    database: join(home, 'gatehouse.db'),
    audit: join(home, 'audit'),
    vault: join(home, 'vault'),
    clients: join(home, 'clients'),
    packages: join(home, 'packages'),
    config: env.GATEHOUSE_CONFIG ?? join(home, 'config.yaml'),
    run,
    socket: socketPath(home, run, env),
    endpoint: join(run, 'endpoint.json'),
    bin: join(home, 'bin'),
    logs: join(home, 'logs'),
    backups: join(home, 'backups'),
    lock: join(home, 'lock'),
    serverTemp: join(cache, 'gatehouse', 'servers', homeTag(home)),
  }
}

/** Bridge and CLI compute the same path; the app writes it to `run/endpoint.json` as well. */
function socketPath(home: string, run: string, env: NodeJS.ProcessEnv): string {
  if (platform() === 'win32') return `\\\\.\\pipe\\gatehouse-${homeTag(home)}`
  const inHome = join(run, 'kernel.sock')
  if (Buffer.byteLength(inHome) <= longestSocketPath) return inHome
  const runtime = env.XDG_RUNTIME_DIR ?? join(tmpdir(), `gatehouse-${userInfo().uid}`)
  return join(runtime, `gatehouse-${homeTag(home)}.sock`)
}

/** A short stable name for a data folder (FNV-1a, 32 bits, hex): not a secret. */
function homeTag(home: string): string {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(home)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(16).padStart(8, '0')
}
