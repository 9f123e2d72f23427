import type { Migration } from '../migration.ts'

/** What a session read, as far as it matters for what may leave afterwards; encrypted and bound to its session. */
export const sessionReads: Migration = {
  number: 26,
  name: 'session-reads',
  sql: `
    CREATE TABLE session_read (
      session_id TEXT NOT NULL,
      content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX session_read_session ON session_read (session_id);
  `,
}
