/**
 * Package commands (`npx …`, `pnpm dlx …`, `bunx …`, `yarn dlx …`, `uvx …`): the package is fetched once, in a sandbox that
 * reaches nothing but the registry and writes nothing but its own folder, is locked with checksums under `packages/NAME`, and is
 * then run from there without the registry. Nothing of a package runs while it is installed, but install scripts the person
 * agreed to, and nothing is taken that doesn't come from the registry.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { ServerName } from '../../../shared/domain/ids.ts'
import type { Sandbox } from '../../sandbox/sandbox.ts'
import type { InstallWarden } from './install-run.ts'
import { latestVersion } from './latest.ts'
import { type InstallScript, Lockfile } from './lockfile.ts'
import { NpmPackages } from './npm-packages.ts'
import type { PythonOptions } from './package-command.ts'
import { lockedPackages } from './python-lock.ts'
import { isPythonEntry, PythonPackages } from './python-packages.ts'
import { clearStaging, dropFormer, swapBack, swapIn } from './staging.ts'

export interface PackagesOptions {
  readonly sandbox: Sandbox
  /** `packages` in the data folder. */
  readonly folder: string
  /** The Node that runs npm and the packages: the app's own. */
  readonly node: string
  readonly env?: NodeJS.ProcessEnv
  /** Told of every installer, to be ended with the app. */
  readonly warden?: InstallWarden
  /** Told of install scripts that were not run. */
  readonly onScripts?: (server: ServerName, scripts: readonly InstallScript[]) => void
}

export interface InstallRequest {
  readonly server: ServerName
  readonly spec: string
  /** For `uvx`: from a Python index, with these options. Otherwise the package comes from an npm registry. */
  readonly python?: PythonOptions
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
  /** Of the package archive, as the registry published it (`sha512-…`, `sha256-…`). */
  readonly integrity: string
  /** The program, relative to the server's package folder. */
  readonly entry: string
  /** Install scripts in the tree that did not run; empty when there are none or they were run. */
  readonly scripts: readonly InstallScript[]
}

/** A package beside the installed one. */
export interface FetchedPackage {
  /** Its staging folder, laid out as an installation. */
  readonly folder: string
  readonly installed: InstalledPackage
}

/** How an installed package is started: for `Sandbox.confine`. */
export interface PackageLaunch {
  readonly executable: string
  readonly args: readonly string[]
  readonly readable: readonly string[]
}

export class Packages {
  readonly #options: PackagesOptions
  readonly #npm: NpmPackages
  readonly #python: PythonPackages

  constructor(options: PackagesOptions) {
    this.#options = options
    this.#npm = new NpmPackages(options)
    this.#python = new PythonPackages(options)
  }

  folderOf = (server: ServerName): string => join(this.#options.folder, server)

  /** The newest version its registry has. @param python of a package of a Python index @throws server.failed */
  latest = (server: ServerName, spec: string, python?: PythonOptions): Promise<string> =>
    python ? this.#python.latest(server, spec, python) : latestVersion(server, spec, this.#options)

  /**
   * Installs or replaces; the former installation stays until the new one is complete and checked.
   * @throws server.failed with the reason in words; sandbox.unavailable
   */
  install(request: InstallRequest): Promise<InstalledPackage> {
    return request.python ? this.#python.install(request, request.python) : this.#npm.install(request)
  }

  /** Fetches a package beside the installed one; nothing of it runs. @throws as `install` */
  fetch = (request: InstallRequest): Promise<FetchedPackage> =>
    request.python ? this.#python.fetch(request, request.python) : this.#npm.fetch(request)

  /** Puts what was fetched in the place of the installation, which waits beside it until `settle` or `takeBack`. */
  swapIn = (server: ServerName, { folder }: FetchedPackage): Promise<void> => swapIn(folder, this.folderOf(server))

  /** The new installation stays. */
  settle = (server: ServerName): Promise<void> => dropFormer(this.folderOf(server))

  /** The former installation is back, however far `swapIn` came. */
  takeBack = (server: ServerName): Promise<void> => swapBack(this.folderOf(server))

  discard = ({ folder }: FetchedPackage): Promise<void> => rm(folder, { recursive: true, force: true })

  /** Removes what an earlier run of the app left half done. Before anything is installed. */
  clear = (): Promise<void> => clearStaging(this.#options.folder)

  /** What was not run while it was installed or updated. */
  toldScripts(server: ServerName, scripts: readonly InstallScript[]): void {
    if (scripts.length > 0) this.#options.onScripts?.(server, scripts)
  }

  /** Every package of an installation and its version. @throws Error when there is no lock file */
  versionsIn(folder: string): Readonly<Record<string, string>> {
    const python = lockedPackages(folder)
    if (python) return Object.fromEntries(python.map(({ name, version }) => [name, version]))
    return new Lockfile(folder).versions()
  }

  /** @throws server.failed when it isn't installed, or is another version than the one agreed to */
  launch(
    server: ServerName,
    installed: Pick<InstalledPackage, 'version' | 'entry' | 'integrity'>,
    args: readonly string[],
  ): Promise<PackageLaunch> {
    const packages = isPythonEntry(installed.entry) ? this.#python : this.#npm
    return packages.launch(server, installed, args)
  }

  /** @throws server.failed when they are not the scripts the person agreed to, or do not end well */
  runScripts(server: ServerName, agreed: readonly InstallScript[]): Promise<void> {
    return this.#npm.runScripts(server, agreed)
  }

  async remove(server: ServerName): Promise<void> {
    await rm(this.folderOf(server), { recursive: true, force: true })
  }
}
