import type { Migration } from '../migration.ts'

export const permissions: Migration = {
  number: 6,
  name: 'permissions',
  sql: `
    CREATE TABLE grants (
      seq        INTEGER PRIMARY KEY,
      id         TEXT NOT NULL UNIQUE,
      effect     TEXT NOT NULL CHECK (effect IN ('allow', 'ask', 'deny')),
      scope      TEXT NOT NULL CHECK (scope IN ('session', 'arguments', 'tool', 'rule')),
      client     TEXT NOT NULL,
      tool       TEXT NOT NULL,
      path       TEXT,
      client_id  TEXT,
      session_id TEXT,
      server     TEXT,
      workspace  TEXT,
      pin        TEXT,
      cell       TEXT,
      binding    TEXT,
      created_at INTEGER NOT NULL,
      expires_at INTEGER,
      origin     TEXT NOT NULL,
      seal       TEXT NOT NULL
    ) STRICT;
    CREATE INDEX grants_by_session ON grants (session_id) WHERE session_id IS NOT NULL;
    CREATE TABLE permission_state (
      name  TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      seal  TEXT NOT NULL
    ) STRICT;
  `,
}
