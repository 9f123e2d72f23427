import type { Migration } from '../migration.ts'

/** `privacy_request` is of privacy, `audit_verification` of audit, `secret_use` of credentials. */
export const privacy: Migration = {
  number: 53,
  name: 'privacy',
  rewrites: true, // until here what was deleted was left in its page
  sql: `
    CREATE TABLE privacy_request (
      id TEXT PRIMARY KEY,
      kind TEXT NOT NULL,
      called TEXT NOT NULL,
      salt BLOB NOT NULL,
      subject BLOB NOT NULL,
      made_at INTEGER NOT NULL,
      ended_at INTEGER,
      outcome TEXT,
      summary TEXT NOT NULL
    ) STRICT;
    CREATE TABLE audit_verification (
      one INTEGER PRIMARY KEY CHECK (one = 1),
      at INTEGER NOT NULL,
      valid INTEGER NOT NULL,
      checked INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE secret_use (
      server TEXT NOT NULL,
      name TEXT NOT NULL,
      version INTEGER NOT NULL,
      session TEXT,
      first_at INTEGER NOT NULL,
      last_at INTEGER NOT NULL,
      times INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX secret_use_of ON secret_use (server, name, last_at);
  `,
}
