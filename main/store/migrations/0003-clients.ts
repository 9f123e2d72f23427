import type { Migration } from '../migration.ts'

export const clients: Migration = { number: 3, name: 'clients', sql: '' }
