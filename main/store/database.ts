import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { storeCorrupt, storeNewer, storeUnwritable } from '../../shared/errors.ts'
import type { Migration } from './migration.ts'
import { migrations as all } from './migrations/migrations.ts'

export type Database = BetterSqlite3.Database
export type { Statement } from 'better-sqlite3'

/** A damaged database, moved away with its `-wal` and `-shm`; an empty one took its place. */
export interface SetAside {
  readonly file: string
  readonly problem: string
}

/** Below this size every opening checks the whole file; above, only after a close that was not clean. */
const alwaysCheckedBytes = 32 * 1024 * 1024

/**
 * Opens (or creates) the database and brings it to the newest version, in one transaction.
 *
 * @param file a path, or `:memory:` in tests
 * @param onSetAside told where a damaged database was moved; without a listener a damaged one is refused instead
 * @param beforeMigrating called before a database of an earlier version is changed; what it throws leaves it as it is
 * @throws store.newer when a newer Gatehouse wrote it; nothing is changed then
 * @throws store.unwritable when the file or its folder cannot be written
 * @throws store.corrupt when it is damaged and nobody would be told
 */
export function openDatabase(
  file: string,
  migrations: readonly Migration[] = all,
  onSetAside?: (said: SetAside) => void,
  beforeMigrating: BeforeMigrating = () => {},
): Database {
  try {
    return openAndMigrate(file, migrations, beforeMigrating)
  } catch (error) {
    const problem = damage(error)
    if (problem === undefined) throw asUnwritable(error, file)
    if (!onSetAside) throw storeCorrupt(file, problem, error)
    onSetAside({ file: setAside(file), problem })
    return openAndMigrate(file, migrations, beforeMigrating)
  }
}

type BeforeMigrating = (db: Database, from: number, to: number) => void

/**
 * A second connection to an open file, for work that is to be seen by nobody before it is done. Looks for no damage and
 * migrates nothing: the first one did.
 */
export function openBeside(db: Database): Database {
  const beside = new BetterSqlite3(db.name)
  prepare(beside)
  return beside
}

/**
 * An online copy: readers and writers go on meanwhile. It appears under its name only when it is whole.
 *
 * @throws store.unwritable
 */
export async function backupDatabase(db: Database, file: string): Promise<void> {
  const partial = `${file}.partial`
  try {
    rmSync(partial, { force: true })
    await db.backup(partial)
    chmodSync(partial, 0o600)
    renameSync(partial, file)
  } catch (error) {
    rmSync(partial, { force: true })
    throw storeUnwritable(dirname(file), messageOf(error))
  }
}

function openAndMigrate(file: string, migrations: readonly Migration[], beforeMigrating: BeforeMigrating): Database {
  const suspicious = existsSync(`${file}-wal`) || smallerThan(file, alwaysCheckedBytes)
  const db = new BetterSqlite3(file)
  try {
    if (file !== ':memory:') chmodSync(file, 0o600)
    prepare(db)
    if (suspicious) check(db)
    migrate(db, migrations, beforeMigrating)
    if (isRewriteDue(db)) rewrite(db)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

function prepare(db: Database): void {
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = NORMAL')
  db.pragma('foreign_keys = ON')
  db.pragma('busy_timeout = 5000')
  db.pragma('secure_delete = FAST') // what is deleted from a page leaves no trace in it
}

function check(db: Database): void {
  const found = db.pragma('quick_check(1)', { simple: true })
  if (found !== 'ok') throw new Damaged(String(found))
}

function migrate(db: Database, migrations: readonly Migration[], beforeMigrating: BeforeMigrating): void {
  const known = migrations.at(-1)?.number ?? 0
  const found = Number(db.pragma('user_version', { simple: true }))
  if (found > known) throw storeNewer(found, known)
  if (found > 0 && found < known) beforeMigrating(db, found, known)
  const steps = migrations.filter(({ number }) => number > found)
  db.transaction(() => {
    for (const step of steps) db.exec(step.sql)
    db.pragma(`user_version = ${known}`)
    if (found > 0 && steps.some(({ rewrites }) => rewrites)) markRewriteDue(db, true)
  }).immediate()
}

/** Kept in the file itself, together with the migration that wants it: a start that is killed does not forget it. */
const isRewriteDue = (db: Database) => Number(db.pragma('application_id', { simple: true })) === 1
const markRewriteDue = (db: Database, due: boolean) => db.pragma(`application_id = ${due ? 1 : 0}`)

/** Needs room for a second database and its log for a while. Where there is none, the next start tries again. */
function rewrite(db: Database): void {
  try {
    db.exec('VACUUM')
    markRewriteDue(db, false)
    db.pragma('wal_checkpoint(TRUNCATE)')
  } catch (error) {
    if (damage(error) !== undefined) throw error
  }
}

class Damaged extends Error {}

function damage(error: unknown): string | undefined {
  if (error instanceof Damaged) return error.message
  const code = codeOf(error)
  return code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') ? messageOf(error) : undefined
}

function asUnwritable(error: unknown, file: string): unknown {
  const code = codeOf(error)
  const refused = ['SQLITE_CANTOPEN', 'SQLITE_READONLY', 'SQLITE_FULL', 'SQLITE_IOERR', 'EACCES', 'EROFS', 'EPERM']
  // better-sqlite3 reports a missing folder as a TypeError of its own, without a code
  const missingFolder = error instanceof TypeError && messageOf(error).includes('directory does not exist')
  return missingFolder || refused.some((start) => code.startsWith(start))
    ? storeUnwritable(dirname(file), messageOf(error))
    : error
}

function setAside(file: string): string {
  const away = `${file}.corrupt-${new Date().toISOString()}`
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(file + suffix)) renameSync(file + suffix, away + suffix)
  return away
}

function smallerThan(file: string, bytes: number): boolean {
  return file !== ':memory:' && existsSync(file) && statSync(file).size < bytes
}

const codeOf = (error: unknown): string => String((error as { code?: unknown } | null)?.code ?? '')
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
