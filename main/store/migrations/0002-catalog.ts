import type { Migration } from '../migration.ts'

export const catalog: Migration = { number: 2, name: 'catalog', sql: '' }
