import { chmodSync, existsSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { platform } from 'node:os'
import { dirname } from 'node:path'
import { storeUnwritable } from '../../shared/errors.ts'

/** Where everything lies; absolute. */
export interface DataFolderPaths {
  readonly home: string
  readonly database: string
  readonly lock: string
  readonly audit: string
  readonly clients: string
  readonly packages: string
  readonly run: string
  readonly bin: string
  readonly logs: string
  readonly backups: string
  /** Servers' private temp folders; outside the data folder. */
  readonly serverTemp: string
}

const others = 0o077

/**
 * Makes the folders of a data folder, each private to the user (0700). A folder of ours that others may enter is
 * closed to them; a folder that is another user's, or a link in place of one of ours, is refused.
 *
 * @throws store.unwritable
 */
export function prepareDataFolder(paths: DataFolderPaths): void {
  const inside = [paths.audit, paths.clients, paths.packages, paths.run, paths.bin, paths.logs, paths.backups]
  prepare(paths.home, statSync)
  for (const folder of [...inside, paths.serverTemp]) prepare(folder, lstatSync)
}

function prepare(folder: string, look: (path: string) => Stats): void {
  try {
    if (!existsSync(folder)) {
      mkdirSync(dirname(folder), { recursive: true, mode: 0o700 })
      mkdirSync(folder, { mode: 0o700 }) // alone, because with its parents a read-only disk is told as a missing folder
    }
    const found = look(folder)
    if (!found.isDirectory()) throw storeUnwritable(folder, 'it is not a folder')
    if (platform() === 'win32') return
    if (found.uid !== process.getuid?.()) throw storeUnwritable(folder, 'it belongs to another user')
    if (found.mode & others) chmodSync(folder, 0o700)
  } catch (error) {
    throw isSystemError(error) ? storeUnwritable(folder, error.message) : error
  }
}

const isSystemError = (error: unknown): error is NodeJS.ErrnoException => error instanceof Error && 'syscall' in error
