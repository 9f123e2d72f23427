import { existsSync } from 'node:fs'
import { cp, readFile, rm, writeFile } from 'node:fs/promises'
import { delimiter, isAbsolute, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import type { ServerName } from '../../../shared/domain/ids.ts'
import { serverFailed } from '../../../shared/errors.ts'
import { hostAndPort, runInstaller } from './install-run.ts'
import { entryOf, type InstallScript, Lockfile } from './lockfile.ts'
import { findNpm, type Npm, npmProblem } from './npm.ts'
import { parseSpec } from './package-command.ts'
import type { FetchedPackage, InstalledPackage, InstallRequest, PackageLaunch, PackagesOptions } from './packages.ts'
import { putInPlace, stagingFolder } from './staging.ts'

/** Packages of an npm registry, whatever runner the person wrote: installed with npm, run with Node. */
export class NpmPackages {
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
    const { server, progress = () => {}, signal } = request
    const { npm, folder: staging, installed } = await this.#fetched(request)
    try {
      if (request.runScripts && installed.scripts.length > 0) {
        progress('Running the install scripts you agreed to')
        await this.#npm(request, npm, staging, ['rebuild', '--foreground-scripts'], [])
      }
      signal?.throwIfAborted()
      await putInPlace(staging, this.folderOf(server))
      if (!request.runScripts && installed.scripts.length > 0) this.#options.onScripts?.(server, installed.scripts)
      return request.runScripts ? { ...installed, scripts: [] } : installed
    } finally {
      await rm(staging, { recursive: true, force: true })
    }
  }

  /** Fetches beside the installation, which stays as it is; nothing of it runs. @throws as `install` */
  async fetch(request: InstallRequest): Promise<FetchedPackage> {
    const { folder, installed } = await this.#fetched(request)
    return { folder, installed }
  }

  async #fetched(request: InstallRequest): Promise<FetchedPackage & { readonly npm: Npm }> {
    const { server, spec, progress = () => {} } = request
    const wanted = parseSpec(spec)
    if (!wanted) throw serverFailed(server, `“${spec}” is not a package of the registry`)
    const scope = wanted.name.startsWith('@') ? wanted.name.split('/')[0] : undefined
    const npm = await findNpm(server, scope, this.#options)
    const staging = await stagingFolder(this.#options.folder, server)
    await writeFile(join(staging, 'package.json'), JSON.stringify({ name: `gatehouse-${server}`, private: true }))
    try {
      progress(`Fetching ${spec} from ${npm.registry.host}`)
      const words = ['install', '--save-exact', '--ignore-scripts']
      await this.#npm(request, npm, staging, words, [`${wanted.name}@${wanted.version}`])
      progress('Checking what was fetched')
      return { npm, folder: staging, installed: this.#checked(request, wanted.name, staging) }
    } catch (error) {
      await rm(staging, { recursive: true, force: true })
      throw error
    }
  }

  /**
   * Runs install scripts of what is installed, in the install sandbox; the installation without them stays until they are done.
   * @param agreed what the person saw: refused when the package folder says anything else by now
   * @throws server.failed
   */
  async runScripts(server: ServerName, agreed: readonly InstallScript[], signal?: AbortSignal): Promise<void> {
    const npm = await findNpm(server, undefined, this.#options)
    const staging = await stagingFolder(this.#options.folder, server)
    try {
      await cp(this.folderOf(server), staging, { recursive: true, verbatimSymlinks: true })
      if (!isDeepStrictEqual(new Lockfile(staging).scripts(), [...agreed]))
        throw serverFailed(server, 'its install scripts are not the ones you agreed to any more')
      const words = ['rebuild', '--foreground-scripts', '--ignore-scripts=false']
      await this.#npm(
        { server, spec: `the install scripts of “${server}”`, ...(signal ? { signal } : {}) },
        npm,
        staging,
        words,
        [],
      )
      signal?.throwIfAborted()
      await putInPlace(staging, this.folderOf(server))
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
    const interpreter = await interpreterOf(program)
    if (interpreter === 'bun' && !onPath('bun', this.#options.env ?? process.env)) throw serverFailed(server, needsBun)
    const start =
      interpreter !== 'node'
        ? { executable: program, args }
        : { executable: this.#options.node, args: [program, ...args] }
    return { ...start, readable: [folder] }
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
    const { sandbox, warden, node } = this.#options
    const { code, output } = await runInstaller({
      sandbox,
      warden,
      server,
      spec,
      executable: node,
      args: [npm.script, ...words, ...flags, `--registry=${npm.registry.href}`, ...certificates, '--', ...targets],
      hosts: [hostAndPort(npm.registry)],
      readable: npm.cafile ? [npm.cafile] : [],
      writable: [staging],
      ...(signal ? { signal } : {}),
    })
    if (code !== 0) throw serverFailed(server, npmProblem(spec, npm.registry, output))
  }
}

function packageIn(folder: string, name: string): { version: string; integrity: string } | undefined {
  try {
    return new Lockfile(folder).package(name)
  } catch {
    return undefined
  }
}

const needsBun = 'its program runs on Bun only, which is not installed. Install Bun (bun.sh), or choose another server'

/** What its `#!` line names; `itself` for a native program. */
async function interpreterOf(program: string): Promise<'node' | 'bun' | 'itself'> {
  const head = (await readFile(program)).subarray(0, 200).toString('latin1')
  const line = head.startsWith('#!') ? (head.split('\n', 1)[0] ?? '') : ''
  if (/\bbun\b/.test(line)) return 'bun'
  if (line !== '') return /\bnode\b/.test(line) ? 'node' : 'itself'
  return /\.(js|mjs|cjs)$/.test(program) ? 'node' : 'itself'
}

const onPath = (name: string, { PATH = '' }: NodeJS.ProcessEnv) =>
  PATH.split(delimiter).some((folder) => isAbsolute(folder) && existsSync(join(folder, name)))
