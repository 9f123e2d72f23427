import type { Migration } from '../migration.ts'

/** Owned by `store/sealed-tables.ts`: a sealed sum over each table whose rows give rights. */
export const tableRoots: Migration = {
  number: 38,
  name: 'table roots',
  sql: `
    CREATE TABLE table_root (
      name TEXT PRIMARY KEY,
      root TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
