import type { Migration } from '../migration.ts'

/**
 * Calls that AI apps follow as tasks. `content` is encrypted (the call while it may have to be made again, its answer
 * afterwards) and authenticates every column that decides who may see it or whether it may be made again. Beside them,
 * the latest compliance report of each server.
 */
export const tasks: Migration = {
  number: 15,
  name: 'tasks',
  sql: `
    CREATE TABLE call_task (
      id TEXT PRIMARY KEY,
      client_id TEXT NOT NULL,
      client TEXT NOT NULL,
      entry TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('working', 'input_required', 'completed', 'failed', 'cancelled')),
      phase TEXT NOT NULL CHECK (phase IN ('held', 'sent', 'over')),
      created_at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      expires_at INTEGER NOT NULL,
      content TEXT NOT NULL
    ) STRICT;
    CREATE INDEX call_task_client ON call_task (client_id, created_at);
    CREATE INDEX call_task_expiry ON call_task (expires_at);
    CREATE TABLE server_grade (
      server TEXT PRIMARY KEY,
      report TEXT NOT NULL
    ) STRICT;
  `,
}
