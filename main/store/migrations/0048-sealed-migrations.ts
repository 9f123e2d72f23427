import type { Migration } from '../migration.ts'

/** Which migrations of sealed rows are done. Owned by `store/sealed-tables.ts`. */
export const sealedMigrationsDone: Migration = {
  number: 48,
  name: 'sealed-migrations',
  sql: `
    CREATE TABLE sealed_migration (
      number INTEGER PRIMARY KEY
    ) STRICT;
  `,
}
