import type { Migration } from '../migration.ts'

/** What the caller of a session proved who it is with, so that it stays as confined after a restart. */
export const sessionProofs: Migration = {
  number: 47,
  name: 'session-proofs',
  sql: 'ALTER TABLE session ADD COLUMN proof TEXT',
}
