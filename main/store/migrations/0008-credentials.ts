import type { Migration } from '../migration.ts'

export const credentials: Migration = {
  number: 8,
  name: 'credentials',
  sql: `
    CREATE TABLE secret (
      server     TEXT NOT NULL,
      name       TEXT NOT NULL,
      updated_at INTEGER NOT NULL,
      holder     TEXT NOT NULL,
      PRIMARY KEY (server, name)
    ) STRICT, WITHOUT ROWID;
  `,
}
