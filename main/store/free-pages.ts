import type { Database } from './database.ts'

const table = 'freed_pages'
/** Pages written over before others get their turn. */
const pagesATurn = 500

/** What an erasure that was killed, or had no room, left. */
export const dropFreedPages = (db: Database): unknown => db.exec(`DROP TABLE IF EXISTS ${table}`)

/**
 * Writes zeros over pages of the file that hold nothing any more, and empties the write-ahead log: what was deleted is then
 * nowhere in the database's files. What is deleted within a page is overwritten at once (`secure_delete`).
 */
export async function overwriteFreePages(db: Database): Promise<void> {
  const number = (name: string) => Number(db.pragma(name, { simple: true }))
  const size = number('page_size')
  dropFreedPages(db)
  db.exec(`CREATE TABLE ${table} (zeros BLOB NOT NULL) STRICT`)
  try {
    const fill = db.prepare<[number]>(`INSERT INTO ${table} VALUES (zeroblob(?))`)
    for (let left = number('freelist_count'); left > 0; left = number('freelist_count')) {
      fill.run(Math.min(left, pagesATurn) * (size - 4))
      await new Promise(setImmediate)
    }
  } finally {
    dropFreedPages(db)
  }
  db.pragma('wal_checkpoint(TRUNCATE)')
}
