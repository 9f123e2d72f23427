import type { Migration } from '../migration.ts'

/**
 * `content` is encrypted (question, arguments, what the diff was made from); `seal` covers every other column and its
 * hash. `releases` counts calls that were allowed after their client had been told to wait.
 */
export const approvals: Migration = {
  number: 5,
  name: 'approvals',
  sql: `
    CREATE TABLE approval (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL CHECK (kind IN ('call', 'pair', 'verb', 'host')),
      state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'denied', 'expired', 'cancelled')),
      client TEXT NOT NULL,
      client_id TEXT,
      entry TEXT NOT NULL,
      title TEXT NOT NULL,
      binding TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      decided_at INTEGER,
      decided_by TEXT,
      scope TEXT,
      reason TEXT,
      releases INTEGER NOT NULL DEFAULT 0,
      release_until INTEGER,
      content TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE INDEX approval_state ON approval (state, created_at);
    CREATE INDEX approval_last ON approval (client_id, entry, created_at) WHERE state = 'approved';
  `,
}
