import type { Migration } from '../store/migration.ts'

/** The tables of one workspace's memory (README). Tables of vectors come and go with their embedder. */
export const memoryMigrations: readonly Migration[] = [
  {
    number: 1,
    name: 'graph',
    sql: `
      CREATE TABLE node (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE
      ) STRICT;
      CREATE TABLE write (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        act TEXT NOT NULL,
        client TEXT NOT NULL,
        client_name TEXT NOT NULL,
        session TEXT,
        call TEXT,
        labels INTEGER NOT NULL,
        undoes INTEGER,
        undone_by INTEGER
      ) STRICT;
      CREATE INDEX write_at ON write (at);
      CREATE TABLE concept (
        id INTEGER PRIMARY KEY REFERENCES node (id),
        seq INTEGER NOT NULL,
        type TEXT NOT NULL,
        description TEXT NOT NULL,
        attributes TEXT NOT NULL,
        confidence REAL NOT NULL,
        source TEXT NOT NULL,
        labels INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        created_by INTEGER NOT NULL REFERENCES write (id),
        updated_by INTEGER NOT NULL REFERENCES write (id)
      ) STRICT;
      CREATE INDEX concept_seq ON concept (seq);
      CREATE INDEX concept_type ON concept (type);
      CREATE INDEX concept_updated ON concept (updated_at);
      CREATE TABLE observation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        concept INTEGER NOT NULL REFERENCES concept (id) DEFERRABLE INITIALLY DEFERRED,
        text TEXT NOT NULL,
        by INTEGER NOT NULL REFERENCES write (id)
      ) STRICT;
      CREATE INDEX observation_concept ON observation (concept);
      CREATE TABLE relation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        origin INTEGER NOT NULL REFERENCES node (id),
        target INTEGER NOT NULL REFERENCES node (id),
        type TEXT NOT NULL,
        weight REAL NOT NULL,
        confidence REAL NOT NULL,
        inferred INTEGER NOT NULL,
        attributes TEXT NOT NULL,
        labels INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        strengthened_at INTEGER NOT NULL,
        created_by INTEGER NOT NULL REFERENCES write (id),
        UNIQUE (origin, target, type)
      ) STRICT;
      CREATE INDEX relation_from ON relation (origin, weight DESC);
      CREATE INDEX relation_to ON relation (target, weight DESC);
      CREATE TABLE change (
        kind INTEGER NOT NULL,
        thing INTEGER NOT NULL,
        write INTEGER NOT NULL REFERENCES write (id),
        before TEXT,
        PRIMARY KEY (kind, thing, write)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX change_write ON change (write);
      CREATE TABLE usage (
        concept INTEGER PRIMARY KEY REFERENCES node (id),
        access_count INTEGER NOT NULL,
        accessed_at INTEGER NOT NULL,
        strength REAL NOT NULL,
        strengthened_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE concept_text (
        id INTEGER PRIMARY KEY REFERENCES concept (id) DEFERRABLE INITIALLY DEFERRED,
        folded TEXT NOT NULL
      ) STRICT;
      CREATE VIRTUAL TABLE concept_fts USING fts5(
        name, type, body, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
      );
      CREATE VIRTUAL TABLE concept_word USING fts5vocab(concept_fts, 'row');
    `,
  },
  {
    number: 2,
    name: 'vectors',
    sql: `
      CREATE TABLE generation (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        embedder TEXT NOT NULL,
        dimension INTEGER NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('building', 'current')),
        learned_from INTEGER NOT NULL,
        bits_made INTEGER NOT NULL DEFAULT 1
      ) STRICT;
      CREATE UNIQUE INDEX generation_state ON generation (state);
      CREATE TABLE word_weight (
        generation INTEGER NOT NULL REFERENCES generation (id),
        word TEXT NOT NULL,
        documents INTEGER NOT NULL,
        PRIMARY KEY (generation, word)
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    number: 3,
    name: 'relations-gone', // a concept's history tells of relations that are not there any more
    sql: `
      CREATE INDEX change_origin ON change (before ->> '$.origin') WHERE kind = 2 AND before IS NOT NULL;
      CREATE INDEX change_target ON change (before ->> '$.target') WHERE kind = 2 AND before IS NOT NULL;
    `,
  },
  {
    number: 4,
    name: 'filters', // what a filter asks of a concept, without reading what is said of it
    sql: `
      DROP INDEX concept_type;
      CREATE INDEX concept_filtered ON concept (
        type, source, confidence, labels, created_at, updated_at, created_by, updated_by);
      CREATE INDEX write_client ON write (client);
    `,
  },
  {
    number: 5,
    name: 'session-contexts',
    sql: `
      CREATE TABLE session_context (
        session TEXT PRIMARY KEY,
        client TEXT NOT NULL,
        goals TEXT NOT NULL,
        task TEXT NOT NULL,
        tags TEXT NOT NULL,
        turn INTEGER NOT NULL,
        history TEXT NOT NULL,
        labels INTEGER NOT NULL,
        set_by TEXT NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE recalled (
        session TEXT NOT NULL,
        concept INTEGER NOT NULL REFERENCES node (id),
        entered REAL NOT NULL,
        used REAL NOT NULL,
        used_at INTEGER NOT NULL,
        uses INTEGER NOT NULL,
        importance REAL NOT NULL,
        PRIMARY KEY (session, concept)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX recalled_concept ON recalled (concept);
    `,
  },
  {
    number: 6,
    name: 'edges-in-indexes',
    sql: `
      DROP INDEX relation_from;
      DROP INDEX relation_to;
      CREATE INDEX relation_from ON relation (origin, weight DESC, id, target);
      CREATE INDEX relation_to ON relation (target, weight DESC, id, origin);
    `,
  },
]
