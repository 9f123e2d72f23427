import type { Migration } from '../migration.ts'

/**
 * Owned by `limits/quotas/quota-store.ts`: what may be used, and how far windows of an hour or a day are used. The
 * latter is counted, not given: it carries no seal.
 */
export const useQuotas: Migration = {
  number: 44,
  name: 'use-quotas',
  sql: `
    CREATE TABLE use_quota (
      id TEXT PRIMARY KEY,
      holder TEXT NOT NULL,
      name TEXT NOT NULL,
      measure TEXT NOT NULL,
      per TEXT NOT NULL,
      most INTEGER NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE quota_window (
      id TEXT PRIMARY KEY,
      started_at INTEGER NOT NULL,
      used REAL NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
