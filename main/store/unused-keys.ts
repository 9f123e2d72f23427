import { createReadStream, existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DataKeys } from './data-keys.ts'
import type { Database } from './database.ts'

export interface KeptThings {
  readonly db: Database
  /** Folders whose files may name a key, however deep they lie. */
  readonly folders: readonly string[]
}

/**
 * Destroys data keys that seal nothing any more: whoever has a copy of what was erased cannot open it, not even with the
 * keychain. Every box begins with the id of its key, so a key counts as used as long as its id and a point stand anywhere:
 * in a row (whoever's; the audit's index holds no boxes) or in a file. When in doubt, or while something cannot be read, it
 * stays.
 *
 * @returns how many were destroyed
 * @throws what reading and writing throw; then none is destroyed
 */
export async function destroyUnusedKeys(keys: DataKeys, { db, folders }: KeptThings): Promise<number> {
  const left = new Set(keys.old())
  for (const id of left) if (inDatabase(db, id)) left.delete(id)
  for (const folder of folders) await dropNamed(folder, left)
  for (const id of left) if (inDatabase(db, id)) left.delete(id) // a restored row may have come meanwhile
  if (left.size > 0) await keys.destroy([...left])
  return left.size
}

function inDatabase(db: Database, id: string): boolean {
  const tables = db
    .prepare<[], { name: string }>(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'audit\\_%' ESCAPE '\\'",
    )
    .all()
  return tables.some(({ name }) => {
    const columns = db.prepare<[string], { name: string }>('SELECT name FROM pragma_table_info(?)').all(name)
    if (columns.length === 0) return false
    const named = columns.map((column) => `instr("${column.name.replaceAll('"', '""')}", @text) > 0`).join(' OR ')
    return (
      db.prepare(`SELECT 1 FROM "${name.replaceAll('"', '""')}" WHERE ${named} LIMIT 1`).get({ text: `${id}.` }) !==
      undefined
    )
  })
}

async function dropNamed(folder: string, ids: Set<string>): Promise<void> {
  if (ids.size === 0 || !existsSync(folder)) return
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (ids.size === 0) return
    if (entry.isFile()) await dropNamedIn(join(entry.parentPath, entry.name), ids)
  }
}

/** A piece at a time, so that nothing else waits and a long file needs no room. */
async function dropNamedIn(file: string, ids: Set<string>): Promise<void> {
  let before = Buffer.alloc(0)
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const piece = Buffer.concat([before, chunk as Buffer])
    for (const id of ids) if (piece.includes(`${id}.`)) ids.delete(id)
    if (ids.size === 0) return
    before = piece.subarray(-16)
  }
}
