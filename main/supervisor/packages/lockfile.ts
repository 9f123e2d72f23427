import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { basename, join, sep } from 'node:path'

/** A script a package wants to run while it is installed; nothing runs until the person agrees. */
export interface InstallScript {
  readonly package: string
  readonly version: string
  /** e.g. `postinstall: node-gyp rebuild` */
  readonly runs: readonly string[]
}

/** What the person is told after an installation. */
export const scriptsNotRun = (server: string, scripts: readonly InstallScript[]): string =>
  `Packages of “${server}” wanted to run something while they were installed, which Gatehouse did not let them: ${scripts
    .map((one) => `${one.package} ${one.version} (${one.runs.join('; ')})`)
    .join(', ')}. Most work without it; if this server does not, choose another package.`

interface LockEntry {
  readonly version?: string
  readonly integrity?: string
  readonly hasInstallScript?: boolean
  readonly inBundle?: boolean
  readonly link?: boolean
}

/** What was installed, as npm's lock file in `folder` has it. */
export class Lockfile {
  readonly #folder: string
  readonly #entries: Readonly<Record<string, LockEntry>>

  /** @throws Error when there is no readable lock file */
  constructor(folder: string) {
    const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'))
    const { packages } = parsed as { packages?: Record<string, LockEntry> }
    if (typeof packages !== 'object') throw new Error('the lock file lists no packages')
    this.#folder = folder
    this.#entries = packages
  }

  package(name: string): { readonly version: string; readonly integrity: string } | undefined {
    const { version, integrity } = this.#entries[`node_modules/${name}`] ?? {}
    return version && integrity ? { version, integrity } : undefined
  }

  /** Packages that did not come from the registry with a checksum: Git, web addresses, folders. */
  unverified(): string[] {
    return Object.entries(this.#entries)
      .filter(([path, entry]) => path !== '' && !entry.inBundle && (entry.link || !entry.integrity))
      .map(([path]) => nameIn(path))
  }

  /** Name → version; of a package that is there several times, every version. */
  versions(): Readonly<Record<string, string>> {
    const all = new Map<string, Set<string>>()
    for (const [path, { version = '' }] of Object.entries(this.#entries)) {
      if (path === '') continue
      const name = nameIn(path)
      all.set(name, (all.get(name) ?? new Set()).add(version))
    }
    return Object.fromEntries([...all].map(([name, versions]) => [name, [...versions].sort().join(', ')]))
  }

  scripts(): InstallScript[] {
    return Object.entries(this.#entries)
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path, entry]) => {
        const scripts = manifestIn(join(this.#folder, path)).scripts ?? {}
        const runs = ['preinstall', 'install', 'postinstall'].flatMap((name) =>
          scripts[name] ? [`${name}: ${scripts[name]}`] : [],
        )
        const name = nameIn(path)
        return {
          package: name,
          version: entry.version ?? '',
          runs: runs.length > 0 ? runs : ['install: node-gyp rebuild'],
        }
      })
  }
}

const nameIn = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)

interface Manifest {
  readonly bin?: string | Readonly<Record<string, string>>
  readonly scripts?: Readonly<Record<string, string>>
}

function manifestIn(folder: string): Manifest {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return {}
  return JSON.parse(readFileSync(file, 'utf8')) as Manifest
}

/**
 * The program of an installed package, relative to `folder`.
 * @returns a sentence instead when there is none, or too many to choose from
 */
export function entryOf(folder: string, name: string, bin?: string): { entry: string } | { problem: string } {
  const own = join('node_modules', name)
  const { bin: declared } = manifestIn(join(folder, own))
  const programs = typeof declared === 'string' ? { [basename(name)]: declared } : (declared ?? {})
  const names = Object.keys(programs)
  const chosen = bin ?? (names.length === 1 ? names[0] : names.find((program) => program === basename(name)))
  const file = chosen === undefined ? undefined : programs[chosen]
  if (names.length === 0) return { problem: `the package “${name}” has no program to run` }
  if (!file) return { problem: `the package “${name}” has the programs ${names.join(', ')}; name one with -p` }
  const entry = join(own, file)
  const inside = existsSync(join(folder, entry)) && isWithin(join(folder, entry), join(folder, own))
  return inside ? { entry } : { problem: `the program of “${name}” lies outside its package` }
}

const isWithin = (file: string, folder: string) => realpathSync(file).startsWith(realpathSync(folder) + sep)
