import { readFileSync, rmSync } from 'node:fs'
import BetterSqlite3 from 'better-sqlite3'
import { backupDatabase, type Database } from './database.ts'

/** What can be filled again from the audit journal, and figures, which are of this computer. */
const leftOut = ['audit_entry', 'audit_facet', 'metric_point', 'metric_series']

/**
 * The database as bytes while it is in use, without what can be made again.
 *
 * @param file where the copy lies meanwhile
 * @param strip takes out of the copy what is not needed; the audit index unless told
 * @throws store.unwritable
 */
export async function databaseCopy(db: Database, file: string, strip = withoutAudit): Promise<Buffer> {
  try {
    await backupDatabase(db, file)
    const copy = new BetterSqlite3(file)
    copy.pragma('journal_mode = DELETE')
    strip(copy)
    copy.exec('VACUUM')
    copy.close()
    return readFileSync(file)
  } finally {
    rmSync(file, { force: true })
  }
}

function withoutAudit(copy: Database): void {
  copy.exec(leftOut.map((table) => `DELETE FROM ${table};`).join(' '))
  copy.exec(`INSERT INTO audit_text (audit_text) VALUES ('delete-all')`)
}
