import type { Migration } from '../migration.ts'

/**
 * The audit index made anew with what is searched for: it holds nothing the journal does not hold, and is filled again from
 * it. `contents`: 0 none, 1 kept, 2 erased. `audit_facet` counts entries by what they have
 * in common. What nearly all entries have is left out of the indexes: it is found by reading.
 */
export const auditSearch: Migration = {
  number: 40,
  name: 'audit search',
  sql: `
    DROP TABLE audit_text;
    DROP TABLE audit_entry;
    CREATE TABLE audit_entry (
      seq         INTEGER PRIMARY KEY,
      time        INTEGER NOT NULL,
      action      TEXT NOT NULL,
      category    TEXT NOT NULL,
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
      pii         INTEGER NOT NULL,
      contents    INTEGER NOT NULL,
      hash        TEXT NOT NULL,
      segment     INTEGER NOT NULL,
      position    INTEGER NOT NULL,
      size        INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX audit_entry_by_client ON audit_entry (client, seq);
    CREATE INDEX audit_entry_by_server ON audit_entry (server, seq);
    CREATE INDEX audit_entry_by_session ON audit_entry (session, seq);
    CREATE INDEX audit_entry_by_decision ON audit_entry (decision, seq) WHERE decision <> 'allow';
    CREATE INDEX audit_entry_by_refused ON audit_entry (client, seq) WHERE decision <> 'allow';
    CREATE INDEX audit_entry_by_category ON audit_entry (category, seq) WHERE category <> 'tool_execution';
    CREATE INDEX audit_entry_by_action ON audit_entry (action, seq) WHERE action <> 'tools/call' AND action <> 'intent';
    CREATE INDEX audit_entry_by_severity ON audit_entry (severity, seq) WHERE severity <> 'info';
    CREATE INDEX audit_entry_by_intent ON audit_entry (intent) WHERE intent IS NOT NULL;
    CREATE TABLE audit_facet (
      field TEXT NOT NULL,
      value TEXT NOT NULL,
      n     INTEGER NOT NULL,
      PRIMARY KEY (field, value)
    ) STRICT, WITHOUT ROWID;
    CREATE VIRTUAL TABLE audit_text USING fts5 (
      summary, action, decision, client, server, tool, code,
      content = 'audit_entry', content_rowid = 'seq', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
    );
  `,
}
