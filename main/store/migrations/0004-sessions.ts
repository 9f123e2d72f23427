import type { Migration } from '../migration.ts'

export const sessions: Migration = { number: 4, name: 'sessions', sql: '' }
