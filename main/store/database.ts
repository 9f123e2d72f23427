import BetterSqlite3 from 'better-sqlite3'
import { storeNewer } from '../../shared/errors.ts'
import type { Migration } from './migration.ts'
import { migrations as all } from './migrations/migrations.ts'

export type Database = BetterSqlite3.Database
export type { Statement } from 'better-sqlite3'

/**
 * Opens (or creates) the database and brings it to the newest version, in one transaction.
 *
 * @param file a path, or `:memory:` in tests
 * @throws store.newer when a newer Gatehouse wrote it; nothing is changed then
 */
export function openDatabase(file: string, migrations: readonly Migration[] = all): Database {
  const db = new BetterSqlite3(file)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  migrate(db, migrations)
  return db
}

function migrate(db: Database, migrations: readonly Migration[]): void {
  const known = migrations.at(-1)?.number ?? 0
  const found = Number(db.pragma('user_version', { simple: true }))
  if (found > known) {
    db.close()
    throw storeNewer(found, known)
  }
  db.transaction(() => {
    for (const step of migrations) if (step.number > found) db.exec(step.sql)
    db.pragma(`user_version = ${known}`)
  }).immediate()
}
