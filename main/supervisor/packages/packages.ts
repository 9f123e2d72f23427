/**
 * Package commands (`npx …`): the package is fetched once, in a sandbox that reaches nothing but the registry and writes
 * nothing but its own folder, is locked with checksums under `packages/NAME`, and is then run from there without the registry.
 * It runs no install script of a package unless the person agreed, and takes nothing that doesn't come from the registry.
 */
import { spawn } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EpochMs, ServerName, WorkspaceName } from '../../../shared/domain/ids.ts'
import type { ServerConfig } from '../../../shared/domain/server.ts'
import { serverFailed } from '../../../shared/errors.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import { entryOf, type InstallScript, Lockfile } from './lockfile.ts'
import { findNpm, type Npm, npmProblem } from './npm.ts'
import { parseSpec } from './npx-command.ts'

export interface PackagesOptions {
  readonly sandbox: Sandbox
  /** `packages` in the data folder. */
  readonly folder: string
  /** The Node that runs npm and the packages: the app's own. */
  readonly node: string
  readonly env?: NodeJS.ProcessEnv
}

export interface InstallRequest {
  readonly server: ServerName
  readonly spec: string
  /** The program, when the package has several. */
  readonly bin?: string
  /** The person agreed to exactly the scripts reported before. */
  readonly runScripts?: boolean
  /** One short sentence at a time: what is being done. */
  readonly progress?: (sentence: string) => void
  readonly signal?: AbortSignal
}

export interface InstalledPackage {
  readonly name: string
  /** Exact. */
  readonly version: string
  /** Of the package archive, as the registry published it (`sha512-…`). */
  readonly integrity: string
  /** The program, relative to the server's package folder. */
  readonly entry: string
  /** Install scripts in the tree that did not run; empty when there are none or they were run. */
  readonly scripts: readonly InstallScript[]
}

/** How an installed package is started: for `Sandbox.confine`. */
export interface PackageLaunch {
  readonly executable: string
  readonly args: readonly string[]
  readonly readable: readonly string[]
}

/** The installer's private home is not the server's: what a server writes in its own can't steer the next installation. */
const installWorkspace = 'install' as WorkspaceName
const longestInstallMs = 5 * 60_000

export class Packages {
  readonly #options: PackagesOptions

  constructor(options: PackagesOptions) {
    this.#options = options
  }

  folderOf = (server: ServerName): string => join(this.#options.folder, server)

  /**
   * Installs or replaces; the former installation stays until the new one is complete and checked.
   * @throws server.failed with the reason in words; sandbox.unavailable
   */
  async install(request: InstallRequest): Promise<InstalledPackage> {
    const { server, spec, progress = () => {}, signal } = request
    const wanted = parseSpec(spec)
    if (!wanted) throw serverFailed(server, `“${spec}” is not a package of the registry`)
    const scope = wanted.name.startsWith('@') ? wanted.name.split('/')[0] : undefined
    const npm = await findNpm(this.#options.node, scope, this.#options.env ?? process.env)
    if (!npm) throw serverFailed(server, 'npm was not found; install Node.js with npm')
    const staging = await this.#stagingFolder(server)
    try {
      progress(`Fetching ${spec} from ${npm.registry.host}`)
      await this.#npm(
        request,
        npm,
        staging,
        ['install', '--save-exact', '--ignore-scripts'],
        [`${wanted.name}@${wanted.version}`],
      )
      progress('Checking what was fetched')
      const installed = this.#checked(request, wanted.name, staging)
      if (request.runScripts && installed.scripts.length > 0) {
        progress('Running the install scripts you agreed to')
        await this.#npm(request, npm, staging, ['rebuild', '--foreground-scripts'], [])
      }
      signal?.throwIfAborted()
      await this.#putInPlace(server, staging)
      return request.runScripts ? { ...installed, scripts: [] } : installed
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }

  /** @throws server.failed when it isn't installed, or is another version than the one agreed to */
  async launch(
    server: ServerName,
    installed: Pick<InstalledPackage, 'version' | 'entry' | 'integrity'>,
    args: readonly string[],
  ): Promise<PackageLaunch> {
    const folder = this.folderOf(server)
    const name = /^node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(installed.entry)?.[1]?.replaceAll('\\', '/')
    const found = name ? packageIn(folder, name) : undefined
    if (!name || !found) throw serverFailed(server, 'its package is not installed; install it again')
    if (found.version !== installed.version || found.integrity !== installed.integrity) {
      throw serverFailed(server, `its package is now ${name} ${found.version}, not the version you agreed to`)
    }
    const program = join(folder, installed.entry)
    const ownInterpreter = await runsByItself(program)
    const start = ownInterpreter
      ? { executable: program, args }
      : { executable: this.#options.node, args: [program, ...args] }
    return { ...start, readable: [folder] }
  }

  async remove(server: ServerName): Promise<void> {
    await rm(this.folderOf(server), { recursive: true, force: true })
  }

  async #stagingFolder(server: ServerName): Promise<string> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 })
    const staging = await mkdtemp(join(this.#options.folder, `.${server}-`))
    await writeFile(join(staging, 'package.json'), JSON.stringify({ name: `gatehouse-${server}`, private: true }))
    return staging
  }

  #checked({ server, bin }: InstallRequest, name: string, staging: string): InstalledPackage {
    const lock = new Lockfile(staging)
    const found = lock.package(name)
    const unverified = lock.unverified()
    if (!found) throw serverFailed(server, `“${name}” came without a checksum`)
    if (unverified.length > 0) {
      throw serverFailed(
        server,
        `it depends on packages from outside the registry: ${unverified.slice(0, 5).join(', ')}`,
      )
    }
    const chosen = entryOf(staging, name, bin)
    if ('problem' in chosen) throw serverFailed(server, chosen.problem)
    return { name, ...found, entry: chosen.entry, scripts: lock.scripts() }
  }

  async #putInPlace(server: ServerName, staging: string): Promise<void> {
    const place = this.folderOf(server)
    const former = `${staging}-former`
    await rename(place, former).catch(() => {})
    await rename(staging, place)
    await rm(former, { recursive: true, force: true })
  }

  /** Runs npm in the install sandbox, with the registry as its only host and `staging` as its only writable folder. */
  async #npm(
    request: InstallRequest,
    npm: Npm,
    staging: string,
    words: readonly string[],
    targets: readonly string[],
  ): Promise<void> {
    const { server, spec, signal } = request
    const flags = [
      '--prefix',
      staging,
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--omit=dev',
      '--package-lock',
      '--bin-links=false',
      `--userconfig=${join(staging, 'no-user-config')}`,
    ]
    const certificates = npm.cafile ? [`--cafile=${npm.cafile}`] : []
    const confinement = await this.#options.sandbox.confine({
      server: installerOf(server, npm.registry),
      executable: this.#options.node,
      args: [npm.script, ...words, ...flags, `--registry=${npm.registry.href}`, ...certificates, '--', ...targets],
      readable: npm.cafile ? [npm.cafile] : [],
      writable: [staging],
      secrets: {},
      instance: 'install',
    })
    try {
      const limit = AbortSignal.timeout(longestInstallMs)
      const { code, output } = await finished(confinement, signal ? AbortSignal.any([signal, limit]) : limit)
      signal?.throwIfAborted()
      if (limit.aborted)
        throw serverFailed(server, `installing “${spec}” took more than ${longestInstallMs / 60_000} minutes`)
      if (code !== 0) throw serverFailed(server, npmProblem(spec, npm.registry, output))
    } finally {
      await confinement.release()
    }
  }
}

/** The installer as a confined server of its own: standard level, one host, no folders, no secrets. */
function installerOf(server: ServerName, registry: URL): ServerConfig {
  const port = registry.port || (registry.protocol === 'http:' ? '80' : '443')
  return {
    name: server,
    workspace: installWorkspace,
    origin: { kind: 'command', command: 'npm', args: [] },
    sandbox: 2,
    allowedPaths: [],
    allowedHosts: [`${registry.hostname}:${port}`],
    env: {},
    secretNames: [],
    trusted: false,
    shared: false,
    enabled: true,
    addedAt: 0 as EpochMs,
  }
}

type Runnable = Awaited<ReturnType<Sandbox['confine']>>

/** Runs to the end, or kills the whole group when `signal` fires. Output is kept up to 64 KB, its end rather than its start. */
function finished(confinement: Runnable, signal: AbortSignal): Promise<{ code: number | null; output: string }> {
  const [executable = '', ...args] = confinement.argv
  const child = spawn(executable, args, {
    env: confinement.env,
    cwd: confinement.cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk.toString('utf8')).slice(-65_536)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const end = () => child.pid && process.kill(-child.pid, 'SIGKILL')
  if (child.pid) confinement.guard(child.pid, (sentence) => keep(Buffer.from(`\nnpm error ${sentence}`)))
  signal.addEventListener('abort', end, { once: true })
  return new Promise((done, failed) => {
    child.once('error', failed)
    child.once('close', (code) => {
      signal.removeEventListener('abort', end)
      done({ code, output })
    })
  })
}

function packageIn(folder: string, name: string): { version: string; integrity: string } | undefined {
  try {
    return new Lockfile(folder).package(name)
  } catch {
    return undefined
  }
}

/** A program with a `#!` line for something else than Node, or a native one. */
async function runsByItself(program: string): Promise<boolean> {
  const head = (await readFile(program)).subarray(0, 200).toString('latin1')
  if (head.startsWith('#!')) return !/^#!.*\bnode\b/.test(head.split('\n', 1)[0] ?? '')
  return !/\.(js|mjs|cjs)$/.test(program)
}
