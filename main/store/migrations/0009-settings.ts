import type { Migration } from '../migration.ts'

export const settings: Migration = { number: 9, name: 'settings', sql: '' }
