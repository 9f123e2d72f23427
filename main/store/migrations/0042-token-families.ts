import type { Migration } from '../migration.ts'

/**
 * One row for every chain of refresh tokens: the tokens themselves are computed from a keychain key, never kept.
 * `generation` is the one whose token was not used yet. `seal` covers every column.
 */
export const tokenFamilies: Migration = {
  number: 42,
  name: 'token-families',
  sql: `
    CREATE TABLE token_family (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL REFERENCES client (id) ON DELETE CASCADE,
      credential_id TEXT NOT NULL,
      generation INTEGER NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('live', 'revoked')),
      began_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
  `,
}
