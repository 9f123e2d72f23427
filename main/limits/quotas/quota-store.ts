import type { QuotaHolder, QuotaMeasure, QuotaPeriod, UseQuota } from '../../../shared/domain/quota.ts'
import type { Database, Statement } from '../../store/database.ts'
import type { RowSeal } from '../../store/row-seal.ts'
import { type KeptQuotas, type QuotaWindow, quotaId } from './quotas.ts'

interface QuotaRow {
  readonly id: string
  readonly holder: string
  readonly name: string
  readonly measure: string
  readonly per: string
  readonly most: number
  readonly seal: string
}

/** Quotas and how far each is used. A quota whose seal fails is reported, and counts for 0: nothing is left of it. */
export class QuotaStore implements KeptQuotas {
  readonly #all: Statement<[], QuotaRow>
  readonly #save: Statement<[QuotaRow]>
  readonly #drop: Statement<[string]>
  readonly #dropWindow: Statement<[string]>
  readonly #windows: Statement<[], { readonly id: string; readonly started_at: number; readonly used: number }>
  readonly #keep: Statement<[string, number, number]>
  #cached: readonly UseQuota[] | undefined

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly onTampered: (id: string) => void = () => {},
  ) {
    this.#all = db.prepare('SELECT * FROM use_quota ORDER BY id')
    this.#save = db.prepare(`
      INSERT INTO use_quota VALUES (@id, @holder, @name, @measure, @per, @most, @seal)
      ON CONFLICT (id) DO UPDATE SET most = @most, seal = @seal`)
    this.#drop = db.prepare('DELETE FROM use_quota WHERE id = ?')
    this.#dropWindow = db.prepare('DELETE FROM quota_window WHERE id = ?')
    this.#windows = db.prepare('SELECT * FROM quota_window')
    this.#keep = db.prepare('INSERT OR REPLACE INTO quota_window VALUES (?, ?, ?)')
  }

  all(): readonly UseQuota[] {
    this.#cached ??= this.#all.all().map((row) => this.#toQuota(row))
    return this.#cached
  }

  set(quota: UseQuota): void {
    const row = { id: quotaId(quota), ...quota }
    this.#save.run({ ...row, seal: this.rowSeal.seal('use_quota', row) })
    this.#cached = undefined
  }

  /** @returns false when there was none */
  drop(quota: Omit<UseQuota, 'most'>): boolean {
    this.#cached = undefined
    this.#dropWindow.run(quotaId(quota))
    return this.#drop.run(quotaId(quota)).changes === 1
  }

  /** Ids of those whose seal fails, as they are in the table now. */
  forged = (): string[] =>
    this.#all
      .all()
      .filter((row) => !this.#holds(row))
      .map(({ id }) => id)

  dropForged(): void {
    this.#cached = undefined
    for (const id of this.forged()) {
      this.#dropWindow.run(id)
      this.#drop.run(id)
    }
  }

  windows = (): ReadonlyMap<string, QuotaWindow> =>
    new Map(this.#windows.all().map(({ id, started_at, used }) => [id, { startedAt: started_at, used }]))

  keep = (id: string, { startedAt, used }: QuotaWindow): void => void this.#keep.run(id, startedAt, used)

  #holds = ({ seal, ...row }: QuotaRow): boolean => this.rowSeal.holds('use_quota', row, seal)

  #toQuota(row: QuotaRow): UseQuota {
    const holds = this.#holds(row)
    if (!holds) this.onTampered(row.id)
    return {
      holder: row.holder as QuotaHolder,
      name: row.name,
      measure: row.measure as QuotaMeasure,
      per: row.per as QuotaPeriod,
      most: holds ? row.most : 0,
    }
  }
}
