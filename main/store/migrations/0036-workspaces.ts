import type { Migration } from '../migration.ts'

/**
 * Owned by `workspaces/workspace-store.ts`. Without a row there is only the default workspace. The index of the audit log is
 * filled anew, so that every entry has its workspace.
 */
export const workspaces: Migration = {
  number: 36,
  name: 'workspaces',
  sql: `
    CREATE TABLE workspace (
      name       TEXT PRIMARY KEY,
      created_at INTEGER NOT NULL,
      seal       TEXT NOT NULL
    ) STRICT;
    CREATE TABLE audit_workspace (
      seq       INTEGER PRIMARY KEY,
      workspace TEXT NOT NULL
    ) STRICT;
    DELETE FROM audit_entry;
    INSERT INTO audit_text (audit_text) VALUES ('rebuild');
    CREATE INDEX audit_workspace_by_name ON audit_workspace (workspace, seq);
  `,
}
