import type { Migration } from '../migration.ts'

/** Owned by `permissions/held-grants.ts`: what was allowed once and waits for the person to say it again. */
export const heldGrants: Migration = {
  number: 39,
  name: 'held grants',
  sql: `
    CREATE TABLE held_grant (
      id TEXT PRIMARY KEY,
      rule TEXT NOT NULL,
      held_at INTEGER NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
  `,
}
