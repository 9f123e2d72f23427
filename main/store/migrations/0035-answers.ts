import type { Migration } from '../migration.ts'

/** Owned by `approvals/answer-store.ts`. `place` is a folder or host, or empty for the tool as a whole. */
export const answers: Migration = {
  number: 35,
  name: 'answers',
  sql: `
    CREATE TABLE answer_count (
      client_id TEXT NOT NULL,
      client    TEXT NOT NULL,
      workspace TEXT NOT NULL,
      server    TEXT NOT NULL,
      entry     TEXT NOT NULL,
      place     TEXT NOT NULL,
      answer    TEXT NOT NULL,
      count     INTEGER NOT NULL,
      first_at  INTEGER NOT NULL,
      last_at   INTEGER NOT NULL,
      UNIQUE (client_id, entry, place, answer)
    ) STRICT;
    CREATE INDEX answer_count_by_time ON answer_count (last_at);
  `,
}
