import type { Migration } from '../migration.ts'

/** What the person set for content filters: one sealed row. */
export const filterSettings: Migration = {
  number: 27,
  name: 'filter-settings',
  sql: `
    CREATE TABLE filter_settings (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      value TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
  `,
}
