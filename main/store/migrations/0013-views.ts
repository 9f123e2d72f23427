import type { Migration } from '../migration.ts'

/**
 * Owned by `catalog/view-store.ts`. What of the catalog a client or a workspace sees; `servers` and `hidden` are JSON
 * text. The one row of the holder `all` names the others, so that none can be taken out unseen.
 */
export const views: Migration = {
  number: 13,
  name: 'views',
  sql: `
    CREATE TABLE catalog_view (
      holder TEXT NOT NULL CHECK (holder IN ('client', 'workspace', 'all')),
      name TEXT NOT NULL,
      servers TEXT,
      hidden TEXT NOT NULL,
      mode TEXT,
      seal TEXT NOT NULL,
      PRIMARY KEY (holder, name)
    ) STRICT;
  `,
}
