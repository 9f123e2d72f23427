import type { Migration } from '../migration.ts'

/** Owned by `anomalies/behaviour-store.ts`. Figures only: how a server usually behaves. */
export const behaviourProfiles: Migration = {
  number: 43,
  name: 'behaviour-profiles',
  sql: `
    CREATE TABLE behaviour_profile (
      server  TEXT PRIMARY KEY,
      profile TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
