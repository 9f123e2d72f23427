import type { Migration } from '../migration.ts'

/**
 * Owned by `supervisor/incidents/incident-store.ts`. `symptoms` and `attempts` are JSON lists, without secrets.
 * `good_package`: which installed version of a package last ran well.
 */
export const incidents: Migration = {
  number: 14,
  name: 'incidents',
  sql: `
    CREATE TABLE incident (
      id        TEXT PRIMARY KEY,
      server    TEXT NOT NULL,
      status    TEXT NOT NULL,
      severity  TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      closed_at INTEGER,
      symptoms  TEXT NOT NULL,
      attempts  TEXT NOT NULL
    ) STRICT;
    CREATE INDEX incident_by_time ON incident (opened_at);
    CREATE TABLE good_package (
      server    TEXT PRIMARY KEY,
      spec      TEXT NOT NULL,
      version   TEXT NOT NULL,
      integrity TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
