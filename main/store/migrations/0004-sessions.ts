import type { Migration } from '../migration.ts'

/** `credential` names the API key of a stateless client; `seal` covers every column but the counters and `last_active_at`. */
export const sessions: Migration = {
  number: 4,
  name: 'sessions',
  sql: `
    CREATE TABLE session (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      client TEXT NOT NULL,
      workspace TEXT NOT NULL,
      door TEXT NOT NULL CHECK (door IN ('bridge', 'http', 'cli', 'window')),
      credential TEXT,
      state TEXT NOT NULL
        CHECK (state IN ('initializing', 'active', 'idle', 'suspended', 'expired', 'terminated', 'error')),
      protocol TEXT,
      started_at INTEGER NOT NULL,
      last_active_at INTEGER NOT NULL,
      calls INTEGER NOT NULL,
      refused INTEGER NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE INDEX session_state ON session (state, last_active_at);
  `,
}
