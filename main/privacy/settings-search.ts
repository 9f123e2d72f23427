import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import { seekInValue } from '../../shared/domain/subject.ts'
import type { Database } from '../store/database.ts'
import type { FoundItem, PersonalStore } from './personal-store.ts'
import { searchedAsText } from './tables.ts'

const rowsATurn = 100

/**
 * What whoever uses Gatehouse set up themselves: names, folders, settings, descriptions of tools. It is told and stays: taking
 * it away would change what Gatehouse does.
 *
 * @param files text files that are searched like a table
 * @param sealed what lies encrypted in its table, by its table
 */
export function settingsSearch(
  db: Database,
  files: readonly string[],
  sealed: () => Readonly<Record<string, readonly unknown[]>> = () => ({}),
): PersonalStore {
  return {
    name: 'settings',
    find: async ({ seek }, { signal, onPercent }) => {
      const found: FoundItem[] = []
      const note = (ref: string, where: string, value: unknown) => {
        const excerpt = seekInValue(seek, value)
        if (excerpt !== undefined) found.push({ ref, where, excerpt, kept: 'own-setting' })
      }
      for (const [at, table] of searchedAsText.entries()) {
        for await (const row of rowsOf(db, table)) note(table, `${table} “${String(row[0])}”`, row)
        signal?.throwIfAborted()
        onPercent?.(Math.floor((at / searchedAsText.length) * 100))
      }
      for (const [table, values] of Object.entries(sealed())) for (const value of values) note(table, table, value)
      for (const file of files) if (existsSync(file)) note(file, basename(file), await readFile(file, 'utf8'))
      return found
    },
  }
}

/** A few at a time, so that others get their turn. */
async function* rowsOf(db: Database, table: string): AsyncGenerator<unknown[]> {
  const page = db.prepare<[number], unknown[]>(`SELECT * FROM "${table}" LIMIT ${rowsATurn} OFFSET ?`).raw()
  for (let from = 0; ; from += rowsATurn) {
    const rows = page.all(from) as unknown[][]
    yield* rows
    if (rows.length < rowsATurn) return
    await new Promise(setImmediate)
  }
}
