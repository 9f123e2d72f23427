import { readdirSync, renameSync, rmSync } from 'node:fs'
import { sweepDrafts } from './atomic-file.ts'
import { copyBeforeUpdate, forgetOldCopies } from './before-update.ts'
import { type DataFolderPaths, prepareDataFolder } from './data-folder.ts'
import { type Database, openDatabase, type SetAside } from './database.ts'
import { dropFreedPages } from './free-pages.ts'
import { type FolderLock, takeLock } from './lock.ts'
import type { Migration } from './migration.ts'
import { migrations as all } from './migrations/migrations.ts'

/**
 * The data folder and the database in it: one owner at a time, private to the user, brought to the newest version,
 * copied while in use and before a newer version changes it. The only opener of SQLite.
 *
 * It refuses to open what a newer Gatehouse wrote, a folder others can write to, and a folder another Gatehouse uses;
 * and it never replaces a damaged database without saying so. It knows nothing of what the tables mean.
 */
export interface Store {
  readonly db: Database
  readonly lock: FolderLock
  /** Nothing was ever kept here: only then may keys and an operator be made without asking. */
  readonly fresh: boolean
  /** The damaged database that was moved away, if there was one. */
  readonly setAside?: SetAside
  /** This file takes the place of the database, or of another one in the data folder, when the store is closed. */
  replaceAtClose(file: string, database?: string): void
  close(): void
}

/** @throws store.locked, store.newer, store.unwritable, store.no-room */
export function openStore(paths: DataFolderPaths, migrations: readonly Migration[] = all): Store {
  prepareDataFolder(paths)
  const lock = takeLock(paths.lock)
  try {
    for (const folder of [paths.home, paths.audit]) sweepDrafts(folder)
    let setAside: SetAside | undefined
    const db = openDatabase(
      paths.database,
      migrations,
      (said) => {
        setAside = said
      },
      (old, from, to) => copyBeforeUpdate(old, paths.backups, from, to),
    )
    dropFreedPages(db)
    forgetOldCopies(paths.backups)
    const fresh = holdsNothing(db) && readdirSync(paths.audit).length === 0
    const replacements: { readonly file: string; readonly database: string }[] = []
    const close = () => {
      db.close()
      for (const { file, database } of replacements) putInPlace(file, database)
      lock.release()
    }
    const replaceAtClose = (file: string, database = paths.database) => {
      replacements.push({ file, database })
    }
    return { db, lock, fresh, replaceAtClose, close, ...(setAside ? { setAside } : {}) }
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Both are closed, so nothing is left of either but the file itself. */
function putInPlace(file: string, database: string): void {
  for (const suffix of ['-wal', '-shm']) rmSync(database + suffix, { force: true })
  renameSync(file, database)
}

/** A start that was killed before it made its keys leaves tables without rows: that is still a new folder. */
function holdsNothing(db: Database): boolean {
  const tables = db
    .prepare<[], { name: string }>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'`,
    )
    .all()
  return tables.every(({ name }) => db.prepare(`SELECT 1 FROM "${name}" LIMIT 1`).get() === undefined)
}
