import { expect, it } from 'vitest'
import { openDatabase } from '../../main/store/database.ts'
import { sealedTables } from '../../main/store/sealed-tables.ts'

/** Seals that may be lost without giving anybody a right, and why. */
const exempt: Readonly<Record<string, string>> = {
  session: 'a session is nothing without its client’s proof, and what was allowed for it lies in grants',
  approval: 'used answers are anchored one by one (approval-releases); a question put back is asked again',
}

it('every table with a seal is one whose rows cannot be taken out or put back unseen, but those with a reason', () => {
  const db = openDatabase(':memory:')
  const names = db.prepare<[], string>(`SELECT name FROM sqlite_schema WHERE type = 'table'`).pluck().all()
  const sealed = names.filter((name) =>
    (db.pragma(`table_info("${name}")`) as { name: string }[]).some((column) => column.name === 'seal'),
  )
  const known = [...sealedTables.map(({ name }) => name), ...Object.keys(exempt)]
  expect(sealed.filter((name) => !known.includes(name))).toEqual([])
  db.close()
})
