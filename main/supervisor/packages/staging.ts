import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
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
