import type { Migration } from '../migration.ts'

export const permissions: Migration = { number: 6, name: 'permissions', sql: '' }
