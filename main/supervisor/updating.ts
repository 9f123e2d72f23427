import type { EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { ServerConfig, ServerOrigin } from '../../shared/domain/server.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { Cells } from '../cells/cells.ts'
import { placeOfPackage } from '../cells/code.ts'
import type { CellReview } from '../cells/registrar.ts'
import { pythonOf } from './origin.ts'
import type { InstallScript } from './packages/lockfile.ts'
import { parseSpec } from './packages/package-command.ts'
import type { FetchedPackage, Packages } from './packages/packages.ts'
import { anyVersion } from './packages/python-packages.ts'
import type { ServerStore } from './server-store.ts'
import type { Supervisor } from './supervisor.ts'

export interface UpdatingParts {
  readonly store: Pick<ServerStore, 'list' | 'need' | 'set' | 'forgetEra'>
  readonly supervisor: Pick<Supervisor, 'restart' | 'list'>
  readonly packages: Pick<
    Packages,
    | 'latest'
    | 'fetch'
    | 'folderOf'
    | 'swapIn'
    | 'takeBack'
    | 'settle'
    | 'discard'
    | 'clear'
    | 'toldScripts'
    | 'versionsIn'
  >
  readonly cells: Pick<Cells, 'review' | 'register' | 'noteUpdate'>
  readonly announce: (name: ServerName) => void
}

/** A newer version that was fetched and looked into, and is not used yet. */
export interface FetchedUpdate extends CellReview {
  readonly installed: string
  readonly latest: string
  readonly packages: PackageChanges
  /** What its packages want to run while they are installed, which nothing does yet. */
  readonly scripts: readonly InstallScript[]
}

/** Of the whole tree; `name 1.0.0 → 1.1.0` where the version is another. */
export interface PackageChanges {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
}

type PackageOrigin = Extract<ServerOrigin, { kind: 'package' }>

/**
 * Newer versions of packages: fetched beside the installed one and looked into, without anything of them running; then, as
 * the person agreed to exactly that, put in its place and registered by the same steps as a new server. The former version
 * waits until the newer one started and was registered, and is put back where it was not, also after the app was killed.
 */
export class Updating {
  readonly #fetched = new Map<ServerName, FetchedPackage>()

  constructor(private readonly parts: UpdatingParts) {}

  /** @throws input.invalid when there is nothing newer; server.failed */
  async fetch(name: ServerName): Promise<FetchedUpdate> {
    const { packages, cells } = this.parts
    const origin = packageOf(this.parts.store.need(name))
    const { spec, bin, installed } = origin
    const python = pythonOf(origin)
    const latest = await packages.latest(name, spec, python)
    cells.noteUpdate(name, { installed: installed.version, latest, checkedAt: Date.now() as EpochMs })
    if (latest === installed.version) throw inputInvalid(`“${name}” is up to date: ${latest} is the newest version.`)
    await this.forget(name)
    const wanted = python ? `${anyVersion(spec)}==${latest}` : `${parseSpec(spec)?.name}@${latest}`
    const fetched = await packages.fetch({
      server: name,
      spec: wanted,
      ...(bin === undefined ? {} : { bin }),
      ...(python === undefined ? {} : { python }),
    })
    this.#fetched.set(name, fetched)
    return {
      ...(await cells.review(name, placeOfPackage(fetched.folder, fetched.installed.entry))),
      installed: installed.version,
      latest: fetched.installed.version,
      packages: versionChanges(packages.versionsIn(packages.folderOf(name)), packages.versionsIn(fetched.folder)),
      scripts: fetched.installed.scripts,
    }
  }

  /**
   * Uses what was fetched, as it was shown.
   * @param checksum of its code
   * @throws input.invalid when it is not what was shown; cell.failed, cell.grave, server.failed: the former version is back
   */
  async take(name: ServerName, checksum: string, acceptFindings: boolean): Promise<void> {
    const { packages, cells, supervisor, store, announce } = this.parts
    const fetched = this.#fetched.get(name)
    if (!fetched) throw inputInvalid(`Nothing newer was fetched for “${name}”. Look at the newer version once more.`)
    this.#fetched.delete(name)
    const replacement = this.#replacing(name, fetched)
    try {
      await cells.register(name, () => supervisor.list(name, false), { checksum, acceptFindings, replacement })
    } catch (error) {
      await packages.discard(fetched)
      await supervisor.list(name, false).catch(() => {}) // what it offers is again what the former version offers
      announce(name)
      throw error
    }
    store.forgetEra(name)
    await packages.settle(name)
    packages.toldScripts(name, fetched.installed.scripts)
    announce(name)
  }

  /** Puts back what an update that the app did not live to finish had replaced. Before any server runs. */
  async recover(): Promise<void> {
    for (const { name, origin } of this.parts.store.list()) {
      if (origin.kind !== 'package' || origin.before === undefined) continue
      await this.parts.packages.takeBack(name)
      const { before, ...rest } = origin
      try {
        this.parts.store.set(name, { origin: { ...rest, ...before } })
      } catch {} // its record is not believed, so it does not run; once it is, this is done again
    }
    await this.parts.packages.clear()
  }

  /** What was fetched for it is not taken. */
  async forget(name: ServerName): Promise<void> {
    const fetched = this.#fetched.get(name)
    this.#fetched.delete(name)
    if (fetched) await this.parts.packages.discard(fetched)
  }

  #replacing(name: ServerName, fetched: FetchedPackage) {
    const { packages, supervisor, store } = this.parts
    const origin = packageOf(store.need(name))
    const { version, entry, integrity } = fetched.installed
    const next = { ...origin, spec: specOf(origin, version), installed: { version, entry, integrity } }
    return {
      put: async () => {
        store.set(name, { origin: { ...next, before: { spec: origin.spec, installed: origin.installed } } })
        await supervisor.restart(name)
        await packages.swapIn(name, fetched)
      },
      back: async () => {
        await supervisor.restart(name)
        await packages.takeBack(name)
        store.set(name, { origin })
      },
      also: { origin: next },
    }
  }
}

/** @throws input.invalid for a server that is no package of a registry */
function packageOf({ name, origin }: ServerConfig): PackageOrigin & Required<Pick<PackageOrigin, 'installed'>> {
  if (origin.kind !== 'package' || origin.installed === undefined)
    throw inputInvalid(
      `“${name}” is not a package of a registry, so no newer version of it can be fetched. Remove it and add the newer one.`,
    )
  return { ...origin, installed: origin.installed }
}

/** A version the person named is the one that was taken from now on; a tag or a range stays what they wrote. */
function specOf({ runner, spec }: PackageOrigin, version: string): string {
  if (runner === 'uvx') return /(?:@|==)\d[\w.+!-]*$/.test(spec) ? `${anyVersion(spec)}==${version}` : spec
  const wanted = parseSpec(spec)
  return wanted && /^\d+\.\d+\.\d+(?:[-+].*)?$/.test(wanted.version) ? `${wanted.name}@${version}` : spec
}

function versionChanges(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): PackageChanges {
  const named = (from: Readonly<Record<string, string>>, name: string) => `${name} ${from[name]}`
  const names = Object.keys(after)
  return {
    added: names.filter((name) => before[name] === undefined).map((name) => named(after, name)),
    changed: names
      .filter((name) => before[name] !== undefined && before[name] !== after[name])
      .map((name) => `${named(before, name)} → ${after[name]}`),
    removed: Object.keys(before)
      .filter((name) => after[name] === undefined)
      .map((name) => named(before, name)),
  }
}
