import type { Migration } from '../migration.ts'

export const credentials: Migration = { number: 8, name: 'credentials', sql: '' }
