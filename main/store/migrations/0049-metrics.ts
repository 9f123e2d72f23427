import type { Migration } from '../migration.ts'

/**
 * Owned by `health/series-store.ts`. Counts and timings, never contents.
 *
 * `at` and `step` in seconds. A counter’s `sum` is how much was added meanwhile; a gauge’s `count` how often it was looked
 * at; `spread` the filled buckets of a histogram (telemetry/distribution.ts).
 */
export const metrics: Migration = {
  number: 49,
  name: 'metrics',
  sql: `
    CREATE TABLE metric_series (
      id     INTEGER PRIMARY KEY,
      name   TEXT NOT NULL,
      labels TEXT NOT NULL,
      UNIQUE (name, labels)
    ) STRICT;
    CREATE TABLE metric_point (
      step   INTEGER NOT NULL,
      series INTEGER NOT NULL,
      at     INTEGER NOT NULL,
      count  REAL NOT NULL,
      sum    REAL NOT NULL,
      most   REAL NOT NULL,
      spread BLOB,
      PRIMARY KEY (step, series, at)
    ) STRICT, WITHOUT ROWID;
  `,
}
