import type { Migration } from '../migration.ts'

/** What an API key may be used for, sealed with the rest of its row, and when and how often it was used. */
export const keyScopes: Migration = {
  number: 46,
  name: 'key-scopes',
  sql: `
    ALTER TABLE client_token ADD COLUMN scopes TEXT NOT NULL DEFAULT '[]';
    ALTER TABLE client_token ADD COLUMN used_at INTEGER;
    ALTER TABLE client_token ADD COLUMN uses INTEGER NOT NULL DEFAULT 0;
  `,
}
