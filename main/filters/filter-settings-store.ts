import { z } from 'zod'
import {
  contentFilterIds,
  directions,
  type FilterPolicy,
  type FilterSetting,
  filterActions,
  filterPolicies,
} from '../../shared/domain/filters.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

/** What the person set. Where nothing is set, the policy says. */
export interface FilterSettings {
  /** By server; `*` for all others. */
  readonly policies: Readonly<Record<string, FilterPolicy>>
  readonly actions: readonly FilterSetting[]
}

const schema = z.object({
  policies: z.record(z.string(), z.enum(filterPolicies)),
  actions: z.array(
    z.object({
      server: z.string(),
      filter: z.enum(contentFilterIds),
      direction: z.enum(directions),
      action: z.enum(filterActions),
    }),
  ),
})
export const noSettings: FilterSettings = { policies: {}, actions: [] }
/** What holds when the settings were changed without the key: too much is removed rather than too little. */
export const strictest: FilterSettings = { policies: { '*': 'strict' }, actions: [] }

/** Owner of the table `filter_settings`: one sealed row, because a weaker action widens what gets through. */
export class FilterSettingsStore {
  readonly #get: Statement<[], { value: string; seal: string }>
  readonly #put: Statement<[string, string]>

  constructor(
    db: Database,
    private readonly seal: RowSeal,
    private readonly onForged: () => void = () => {},
  ) {
    this.#get = db.prepare('SELECT value, seal FROM filter_settings WHERE one = 1')
    this.#put = db.prepare('INSERT OR REPLACE INTO filter_settings VALUES (1, ?, ?)')
  }

  load(): FilterSettings {
    const kept = this.#kept()
    if (kept !== 'forged') return kept
    this.onForged()
    return strictest
  }

  isForged = (): boolean => this.#kept() === 'forged'

  /** What was changed outside Gatehouse gives way to the strict policy. */
  replaceForged(): void {
    if (this.isForged()) this.save(strictest)
  }

  save(settings: FilterSettings): void {
    const value = JSON.stringify(settings)
    this.#put.run(value, this.seal.seal('filter_settings', { value }))
  }

  #kept(): FilterSettings | 'forged' {
    const row = this.#get.get()
    if (row === undefined) return noSettings
    const genuine = this.seal.holds('filter_settings', { value: row.value }, row.seal)
    const parsed = genuine ? schema.safeParse(JSON.parse(row.value)) : undefined
    return parsed?.success ? parsed.data : 'forged'
  }
}
