import type { Migration } from '../migration.ts'

/**
 * Owned by `cells/cell-store.ts`. A cell for each server: its record as JSON, sealed, and beside it the sum of every
 * file, which the record's checksum covers. `cell_list` holds what is one list: trusted keys, revoked hashes.
 */
export const cells: Migration = {
  number: 30,
  name: 'cells',
  sql: `
    CREATE TABLE cell (
      server TEXT PRIMARY KEY,
      record TEXT NOT NULL,
      files TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE cell_list (
      kind TEXT PRIMARY KEY CHECK (kind IN ('trust', 'revoked')),
      value TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
  `,
}
