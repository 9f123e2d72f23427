import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type ConfigFile, hashOf } from './config-file.ts'
import type { AppConnection } from './connection-store.ts'

/** Copies of files as they were, in `backups/` of the data folder; only the person reads them. */
export class Copies {
  constructor(private readonly folder: string) {}

  /**
   * @param now ms since 1970
   * @returns where the copy is; '' when there was nothing to copy
   */
  async keep(app: string, { path, bytes }: ConfigFile, now: number): Promise<string> {
    if (bytes === undefined) return ''
    const time = new Date(now).toISOString().replace(/[-:]/g, '')
    await mkdir(this.folder, { recursive: true, mode: 0o700 })
    const copy = join(this.folder, `${app}-${time}-${basename(path)}`)
    await writeFile(copy, bytes, { mode: 0o600, flush: true })
    await chmod(copy, 0o600)
    return copy
  }

  /** The file as it was before the connection; undefined when its copy is gone or is not what it was. */
  async original({ backup, beforeHash }: AppConnection): Promise<Buffer | 'none' | undefined> {
    if (backup === '') return 'none'
    const bytes = await readFile(backup).catch(() => undefined)
    return bytes && hashOf(bytes) === beforeHash ? bytes : undefined
  }
}
