import type { Database } from './database.ts'
import type { RowSeal } from './row-seal.ts'

/**
 * One numbered step. Never edited once released; a later number corrects an earlier one. It leaves the rows of sealed tables
 * alone: nobody could tell its deletion from another's.
 */
export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
  /** Afterwards the whole file is written anew, once, so that nothing deleted earlier is left in it. */
  readonly rewrites?: boolean
}

/**
 * A step that changes rows of sealed tables: run once the keys are there and the tables are found sound, so that what it
 * does is sealed with them, and in one transaction with its own end. Somebody may have it run again: it does nothing then.
 */
export interface SealedMigration {
  readonly number: number
  readonly name: string
  run(db: Database, seal: RowSeal): void
}
