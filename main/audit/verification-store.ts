import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'

export interface LastVerification {
  readonly at: EpochMs
  readonly valid: boolean
  readonly checked: number
}

/** Owner of the table `audit_verification`: when the whole log was last verified, and how. */
export class VerificationStore {
  readonly #put: Statement<[number, number, number]>
  readonly #get: Statement<[], { at: number; valid: number; checked: number }>

  constructor(db: Database) {
    this.#put = db.prepare('INSERT OR REPLACE INTO audit_verification VALUES (1, ?, ?, ?)')
    this.#get = db.prepare('SELECT at, valid, checked FROM audit_verification')
  }

  note = (at: number, valid: boolean, checked: number): void => void this.#put.run(at, valid ? 1 : 0, checked)

  last(): LastVerification | undefined {
    const row = this.#get.get()
    return row && { at: row.at as EpochMs, valid: row.valid === 1, checked: row.checked }
  }
}
