import { expect, it } from 'vitest'
import { PatienceStore } from '../../main/approvals/patience-store.ts'
import { SeenPatience } from '../../main/approvals/seen-patience.ts'
import { openDatabase } from '../../main/store/database.ts'
import type { ClientId } from '../../shared/domain/ids.ts'

const editor = 'cl_editor' as ClientId

it('learns from two withdrawals after nearly the same time, and knows it after a restart', () => {
  const db = openDatabase(':memory:')
  const seen = new SeenPatience(new PatienceStore(db))
  seen.note(editor, 60_000)
  expect(seen.of(editor)).toBe(Number.POSITIVE_INFINITY)
  seen.note(editor, 60_400)
  expect(seen.of(editor)).toBe(48_000)
  expect(new SeenPatience(new PatienceStore(db)).of(editor)).toBe(48_000)
})

it('takes no person’s change of mind for a timeout', () => {
  const seen = new SeenPatience(new PatienceStore(openDatabase(':memory:')))
  for (const waitedMs of [3_000, 3_100, 20_000, 50_000]) seen.note(editor, waitedMs)
  expect(seen.of(editor)).toBe(Number.POSITIVE_INFINITY)
})
