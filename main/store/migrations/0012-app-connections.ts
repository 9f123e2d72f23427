import type { Migration } from '../migration.ts'

export const appConnections: Migration = {
  number: 12,
  name: 'app connections',
  sql: `
    CREATE TABLE app_connection (
      app TEXT PRIMARY KEY,
      file TEXT NOT NULL,
      backup TEXT NOT NULL,
      before_hash TEXT NOT NULL,
      after_hash TEXT NOT NULL,
      replaced TEXT NOT NULL,
      paired INTEGER NOT NULL,
      connected_at INTEGER NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE client_patience (
      client_id TEXT PRIMARY KEY,
      patience_ms INTEGER NOT NULL,
      seen_at INTEGER NOT NULL
    ) STRICT;
  `,
}
