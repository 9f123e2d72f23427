import type { Migration } from '../migration.ts'

/**
 * Owned by `catalog/pin-store.ts`. One row an entry: what the person accepted (`accepted`, sealed) and what the server
 * offers now (`offered`); the definitions are JSON text.
 */
export const catalog: Migration = {
  number: 2,
  name: 'catalog',
  sql: `
    CREATE TABLE pin (
      server TEXT NOT NULL,
      kind TEXT NOT NULL,
      own_name TEXT NOT NULL,
      position INTEGER NOT NULL,
      stable_name TEXT NOT NULL,
      accepted TEXT,
      accepted_pin TEXT,
      seal TEXT NOT NULL,
      offered TEXT,
      offered_pin TEXT,
      pinned_at INTEGER NOT NULL,
      PRIMARY KEY (server, kind, own_name)
    ) STRICT;
  `,
}
