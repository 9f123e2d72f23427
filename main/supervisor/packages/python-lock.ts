import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** One package as it was resolved: exactly this archive, known by its checksum. */
export interface LockedPackage {
  readonly name: string
  readonly version: string
  readonly sha256: string
}

interface Reported {
  readonly metadata?: { readonly name?: string; readonly version?: string }
  readonly download_info?: {
    readonly archive_info?: { readonly hashes?: { readonly sha256?: string } }
    readonly url?: string
  }
}

const lockName = 'gatehouse-lock.json'

/**
 * What pip says it installed (`--report`).
 * @throws Error for one without a checksum, or one that is no ready-made package
 */
export function lockedFrom(report: string): LockedPackage[] {
  const { install = [] } = JSON.parse(report) as { install?: readonly Reported[] }
  return install.map(({ metadata, download_info }) => {
    const { name = '', version = '' } = metadata ?? {}
    const sha256 = download_info?.archive_info?.hashes?.sha256 ?? ''
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new Error(`“${name}” came without a checksum`)
    if (!/^[A-Za-z0-9._-]+$/.test(name) || !/^[A-Za-z0-9.+!_-]+$/.test(version))
      throw new Error('a name or version is none')
    if (!URL.parse(download_info?.url ?? '')?.pathname.endsWith('.whl')) throw new Error(`“${name}” is not ready-made`)
    return { name: normal(name), version, sha256 }
  })
}

/** As pip reads it with `--require-hashes`. */
export const requirements = (locked: readonly LockedPackage[]): string =>
  locked.map(({ name, version, sha256 }) => `${name}==${version} --hash=sha256:${sha256}\n`).join('')

export function writeLock(folder: string, locked: readonly LockedPackage[]): void {
  writeFileSync(join(folder, lockName), JSON.stringify({ packages: locked }, undefined, 1))
}

/** @returns undefined when nothing is installed there, or not this package */
export const lockedPackage = (folder: string, name: string): LockedPackage | undefined =>
  lockedPackages(folder)?.find((one) => one.name === name)

/** @returns undefined when nothing of a Python index is installed there */
export function lockedPackages(folder: string): readonly LockedPackage[] | undefined {
  try {
    return (JSON.parse(readFileSync(join(folder, lockName), 'utf8')) as { packages: LockedPackage[] }).packages
  } catch {
    return undefined
  }
}

/** @see PEP 503, “Normalized Names” */
export const normal = (name: string): string => name.toLowerCase().replace(/[-_.]+/g, '-')
