import type { Migration } from '../migration.ts'

/** Words of the person's own that are looked for: sealed, because taking one out lets more through, and encrypted. */
export const filterWords: Migration = {
  number: 55,
  name: 'filter-words',
  sql: `
    CREATE TABLE filter_word (
      id      TEXT PRIMARY KEY,
      content TEXT NOT NULL,
      seal    TEXT NOT NULL
    ) STRICT;
  `,
}
