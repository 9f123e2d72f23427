import type { EpochMs, GrantId } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'
import type { Grant } from './grant.ts'
import type { GrantStore } from './grant-store.ts'

interface HeldRow {
  readonly id: string
  readonly rule: string
  readonly held_at: number
  readonly seal: string
}

export interface HeldGrant {
  readonly grant: Grant
  readonly heldAt: EpochMs
}

const table = 'held_grant'

/**
 * What was allowed in a database whose state nobody can vouch for: one put back from a backup, or one that was changed
 * outside Gatehouse. It allows nothing until the person says it again. A row whose seal fails counts as absent.
 */
export class HeldGrants {
  readonly #all: Statement<[], HeldRow>
  readonly #put: Statement<[HeldRow]>
  readonly #drop: Statement<[string]>
  readonly #inTransaction: (work: () => void) => void

  constructor(
    db: Database,
    private readonly seal: RowSeal,
  ) {
    this.#all = db.prepare('SELECT * FROM held_grant ORDER BY held_at, id')
    this.#put = db.prepare('INSERT OR REPLACE INTO held_grant VALUES (@id, @rule, @held_at, @seal)')
    this.#drop = db.prepare('DELETE FROM held_grant WHERE id = ?')
    this.#inTransaction = db.transaction((work: () => void) => work())
  }

  list(): HeldGrant[] {
    const genuine = this.#all.all().filter(({ seal, ...fields }) => this.seal.holds(table, fields, seal))
    return genuine.map(({ rule, held_at }) => ({ grant: JSON.parse(rule) as Grant, heldAt: held_at as EpochMs }))
  }

  /** Takes everything that allows out of the rules in force; what asks or denies stays. @returns how many */
  holdAll(grants: GrantStore, at: EpochMs): number {
    const allowing = grants.all().grants.filter(({ effect }) => effect === 'allow')
    this.#inTransaction(() => {
      for (const grant of allowing) {
        // an answer for one session is over with it
        if (grant.scope !== 'session') this.#save(grant, at)
        grants.remove(grant.id)
      }
      grants.reseal()
    })
    return allowing.length
  }

  /** @returns what is no longer held */
  take(id: GrantId): Grant | undefined {
    const held = this.list().find(({ grant }) => grant.id === id)?.grant
    if (held) this.#drop.run(id)
    return held
  }

  #save(grant: Grant, at: EpochMs): void {
    const fields = { id: grant.id, rule: JSON.stringify(grant), held_at: at }
    this.#put.run({ ...fields, seal: this.seal.seal(table, fields) })
  }
}
