import type { SealedMigration } from '../migration.ts'

/** In order, with numbers of their own. */
export const sealedMigrations: readonly SealedMigration[] = []
