import type { Migration } from '../migration.ts'

export const servers: Migration = { number: 1, name: 'servers', sql: '' }
