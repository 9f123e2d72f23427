import { expect, it } from 'vitest'
import { personalTables } from '../../main/privacy/tables.ts'
import { openDatabase } from '../../main/store/database.ts'

it('every table of the database is searched for persons, or is said to hold no text of theirs', () => {
  const db = openDatabase(':memory:')
  const names = db
    .prepare<[], string>(
      `SELECT name FROM pragma_table_list WHERE schema = 'main' AND type IN ('table', 'virtual') AND name NOT LIKE 'sqlite_%'`,
    )
    .pluck()
    .all()
  expect(names.toSorted()).toEqual(Object.keys(personalTables).toSorted())
  db.close()
})
