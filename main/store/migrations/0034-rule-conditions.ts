import type { Migration } from '../migration.ts'

/** Owned by `permissions/grant-store.ts`. What else must hold for a rule, and the wider scopes an answer can have. */
export const ruleConditions: Migration = {
  number: 34,
  name: 'rule-conditions',
  sql: `
    CREATE TABLE grants_34 (
      seq        INTEGER PRIMARY KEY,
      id         TEXT NOT NULL UNIQUE,
      effect     TEXT NOT NULL CHECK (effect IN ('allow', 'ask', 'deny')),
      scope      TEXT NOT NULL CHECK (scope IN ('session', 'arguments', 'tool', 'folder', 'host', 'rule')),
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
      seal       TEXT NOT NULL,
      conditions TEXT
    ) STRICT;
    INSERT INTO grants_34 SELECT *, NULL FROM grants;
    DROP TABLE grants;
    ALTER TABLE grants_34 RENAME TO grants;
    CREATE INDEX grants_by_session ON grants (session_id) WHERE session_id IS NOT NULL;
    CREATE TABLE grant_use (
      grant_id TEXT PRIMARY KEY,
      calls    INTEGER NOT NULL,
      bytes    INTEGER NOT NULL,
      seal     TEXT NOT NULL
    ) STRICT;
  `,
}
