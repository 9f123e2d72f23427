import type { Migration } from '../migration.ts'

/** How often a secret was replaced, how often it is to be, and when it was last given to its server. Never a value. */
export const secretVersions: Migration = {
  number: 45,
  name: 'secret-versions',
  sql: `
    ALTER TABLE secret ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
    ALTER TABLE secret ADD COLUMN rotate_days INTEGER;
    ALTER TABLE secret ADD COLUMN used_at INTEGER;
    ALTER TABLE secret ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;
  `,
}
