import { CellStore } from '../cells/cell-store.ts'
import { ClientStore } from '../clients/client-store.ts'
import { TokenFamilyStore } from '../clients/token-family-store.ts'
import { FilterSettingsStore } from '../filters/filter-settings-store.ts'
import { OwnWordStore } from '../filters/own-word-store.ts'
import { QuotaStore } from '../limits/quotas/quota-store.ts'
import { GrantStore } from '../permissions/grant-store.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import type { Database } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'
import type { TableFault } from '../store/sealed-tables.ts'
import type { SettingsStore } from '../store/settings-store.ts'

const problem = 'some were edited or removed'

/**
 * Tables whose rows narrow what is allowed: a rule that denies, a limit, a word that is looked for, an app that is
 * suspended, a cell that is revoked. A row of theirs that was edited counts for nothing as everywhere, but without it
 * more would be allowed; so nothing is, until the person decides.
 */
export class NarrowingTables {
  readonly #rules: GrantStore
  readonly #filterSettings: FilterSettingsStore
  readonly #others: Readonly<Record<string, { forged(): readonly string[]; dropForged(): void }>>

  constructor(db: Database, seal: RowSeal, cipher: FieldCipher, settings: SettingsStore) {
    this.#rules = new GrantStore(db, seal)
    this.#filterSettings = new FilterSettingsStore(db, seal)
    this.#others = {
      use_quota: new QuotaStore(db, seal),
      setting: settings,
      filter_word: new OwnWordStore(db, seal, cipher),
      client: new ClientStore(db, seal),
      token_family: new TokenFamilyStore(db, seal),
      cell: new CellStore(db, seal),
    }
  }

  /** Those with a row that somebody wrote without the key. */
  edited = (): TableFault[] => [
    ...(this.#rules.all().tampered ? [{ table: 'grants', problem }] : []),
    ...(this.#filterSettings.isForged() ? [{ table: 'filter_settings', problem: 'they were edited' }] : []),
    ...Object.entries(this.#others)
      .filter(([, store]) => store.forged().length > 0)
      .map(([table]) => ({ table, problem })),
  ]

  /** Takes the genuine rows for all there are. Only for the person, who was shown what is wrong. */
  dropEdited(): void {
    this.#rules.reseal()
    this.#filterSettings.replaceForged()
    for (const store of Object.values(this.#others)) store.dropForged()
  }
}
