import type { Migration } from '../migration.ts'

/** The programs an API key was used by: the first, and those the person agreed to later. `seal` covers every other column. */
export const keyPrograms: Migration = {
  number: 23,
  name: 'key-programs',
  sql: `
    CREATE TABLE key_program (
      token_id TEXT NOT NULL REFERENCES client_token (id) ON DELETE CASCADE,
      executable TEXT NOT NULL,
      program TEXT NOT NULL,
      seal TEXT NOT NULL,
      PRIMARY KEY (token_id, executable)
    ) STRICT;
  `,
}
