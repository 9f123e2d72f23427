import type { Migration } from '../migration.ts'

/**
 * The full text of the audit index with the fields of an entry as marks beside its words (`audit/entry-words.ts`), and an
 * index for beginnings of one, two and three characters. Filled in the background from `audit_entry`, the newest first.
 */
export const auditWords: Migration = {
  number: 54,
  name: 'audit words',
  sql: `
    DROP TABLE audit_text;
    CREATE VIRTUAL TABLE audit_text USING fts5 (
      words, marks, content = '', detail = column, tokenize = 'ascii', prefix = '1 2 3'
    );
  `,
}
