import type { Migration } from '../migration.ts'

export const approvals: Migration = { number: 5, name: 'approvals', sql: '' }
