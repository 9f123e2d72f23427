import type { Migration } from '../migration.ts'

/**
 * Rules and channels are owned by `alerts/alert-settings-store.ts` and sealed: a channel sends something out. Alerts are
 * owned by `alerts/alert-store.ts`, what is to be told by `alerts/delivery-store.ts`; both give no rights.
 */
export const alerts: Migration = {
  number: 52,
  name: 'alerts',
  sql: `
    CREATE TABLE alert_rule (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE alert_channel (
      name TEXT PRIMARY KEY,
      value TEXT NOT NULL,
      seal TEXT NOT NULL
    ) STRICT;
    CREATE TABLE alert (
      id TEXT PRIMARY KEY,
      rule TEXT NOT NULL,
      cause TEXT NOT NULL,
      severity TEXT NOT NULL,
      state TEXT NOT NULL,
      opened_at INTEGER NOT NULL,
      since INTEGER NOT NULL,
      acknowledged_at INTEGER,
      resolved_at INTEGER,
      resolved_by TEXT,
      escalated_at INTEGER,
      returned INTEGER NOT NULL,
      value REAL NOT NULL,
      holds INTEGER NOT NULL,
      told TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_cause ON alert (rule, cause, opened_at);
    CREATE INDEX alert_state ON alert (state);
    CREATE TABLE alert_delivery (
      id INTEGER PRIMARY KEY,
      alert TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
      channel TEXT NOT NULL,
      note TEXT NOT NULL,
      state TEXT NOT NULL,
      tries INTEGER NOT NULL,
      due_at INTEGER NOT NULL,
      problem TEXT
    ) STRICT;
    CREATE INDEX alert_delivery_due ON alert_delivery (state, due_at);
    CREATE INDEX alert_delivery_alert ON alert_delivery (alert);
  `,
}
