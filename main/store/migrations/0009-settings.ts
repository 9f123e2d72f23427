import type { Migration } from '../migration.ts'

export const settings: Migration = {
  number: 9,
  name: 'settings',
  sql: `
    CREATE TABLE setting (
      key TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
  `,
}
