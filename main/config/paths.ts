import { homedir, platform } from 'node:os'
import { join } from 'node:path'
import { homeTag, socketPath } from '../../shared/wire/places.ts'

export { defaultHome } from '../../shared/wire/places.ts'

/** Where everything lies (INTERFACES, "Data folder"). Absolute paths. */
export interface Paths {
  readonly home: string
  readonly database: string
  readonly audit: string
  /** Of what AI apps are to remember: a database for each workspace. */
  readonly memory: string
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
  /** Chromium's files of the desktop window. */
  readonly window: string
  /** Servers' private temp folders; outside the data folder. */
  readonly serverTemp: string
}

export function pathsIn(home: string, env: NodeJS.ProcessEnv = process.env): Paths {
  const run = join(home, 'run')
  const cache =
    platform() === 'darwin' ? join(homedir(), 'Library', 'Caches') : (env.XDG_CACHE_HOME ?? join(homedir(), '.cache'))
  return {
    home,
    database: join(home, 'gatehouse.db'),
    audit: join(home, 'audit'),
    memory: join(home, 'memory'),
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
    window: join(home, 'window'),
    serverTemp: join(cache, 'gatehouse', 'servers', homeTag(home)),
  }
}
