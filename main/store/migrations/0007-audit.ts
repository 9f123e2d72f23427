import type { Migration } from '../migration.ts'

/** An index of the journal, and nothing the journal does not hold: it can be thrown away and filled again. */
export const audit: Migration = {
  number: 7,
  name: 'audit',
  sql: `
    CREATE TABLE audit_entry (
      seq         INTEGER PRIMARY KEY,
      time        INTEGER NOT NULL,
      action      TEXT NOT NULL,
      severity    TEXT NOT NULL,
      decision    TEXT,
      client      TEXT,
      session     TEXT,
      server      TEXT,
      tool        TEXT,
      summary     TEXT NOT NULL,
      duration_ms REAL,
      code        TEXT,
      intent      INTEGER,
      hash        TEXT NOT NULL,
      segment     INTEGER NOT NULL,
      position    INTEGER NOT NULL,
      size        INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX audit_entry_by_client ON audit_entry (client, seq);
    CREATE INDEX audit_entry_by_server ON audit_entry (server, seq);
    CREATE INDEX audit_entry_by_decision ON audit_entry (decision, seq);
    CREATE INDEX audit_entry_by_intent ON audit_entry (intent) WHERE intent IS NOT NULL;
    CREATE VIRTUAL TABLE audit_text USING fts5 (
      summary, action, decision, client, server, tool, code,
      content = 'audit_entry', content_rowid = 'seq', tokenize = "unicode61 remove_diacritics 2"
    );
  `,
}
