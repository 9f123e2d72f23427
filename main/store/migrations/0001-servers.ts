import type { Migration } from '../migration.ts'

/** Owned by `supervisor/server-store.ts`. `config` is JSON text; `era` gives no rights, so it lies outside the seal. */
export const servers: Migration = {
  number: 1,
  name: 'servers',
  sql: `
    CREATE TABLE server (
      name TEXT PRIMARY KEY,
      config TEXT NOT NULL,
      seal TEXT NOT NULL,
      era TEXT,
      era_seen_at INTEGER
    ) STRICT;
  `,
}
