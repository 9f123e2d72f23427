import type { Migration } from '../migration.ts'

/**
 * A client's secret is in the keychain, never here. `seal` covers every column but `last_seen_at`. A token is kept as an
 * HMAC under its client's secret.
 */
export const clients: Migration = {
  number: 3,
  name: 'clients',
  sql: `
    CREATE TABLE client (
      id TEXT PRIMARY KEY,
      name TEXT NOT NULL UNIQUE COLLATE NOCASE,
      workspace TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('paired', 'suspended', 'revoked')),
      paired_at INTEGER NOT NULL,
      last_seen_at INTEGER,
      program TEXT,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE client_token (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
      hash TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
  `,
}
