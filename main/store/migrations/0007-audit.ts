import type { Migration } from '../migration.ts'

export const audit: Migration = { number: 7, name: 'audit', sql: '' }
