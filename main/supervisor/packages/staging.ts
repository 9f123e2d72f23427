import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { ServerName } from '../../../shared/domain/ids.ts'

/** An empty folder beside the installed ones, to install into. */
export async function stagingFolder(folder: string, server: ServerName): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  return mkdtemp(join(folder, `.${server}-`))
}

/** The former installation stays until the new one lies there. */
export async function putInPlace(staging: string, place: string): Promise<void> {
  const former = `${staging}-former`
  await rename(place, former).catch(() => {})
  await rename(staging, place)
  await rm(former, { recursive: true, force: true })
}

/** Where an installation waits until the one in its place proved itself. */
const waitingOf = (place: string) => join(dirname(place), `.${basename(place)}-former-version`)

export async function swapIn(staging: string, place: string): Promise<void> {
  await rename(place, waitingOf(place))
  await rename(staging, place)
}

/** As before `swapIn`, however far it came. */
export async function swapBack(place: string): Promise<void> {
  if (!existsSync(waitingOf(place))) return
  await rm(place, { recursive: true, force: true })
  await rename(waitingOf(place), place)
}

export const dropFormer = (place: string): Promise<void> => rm(waitingOf(place), { recursive: true, force: true })

/** Everything in the packages' folder that is no installation. */
export async function clearStaging(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  const left = names.filter((name) => name.startsWith('.'))
  await Promise.all(left.map((name) => rm(join(folder, name), { recursive: true, force: true })))
}
