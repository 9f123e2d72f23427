/**
 * How much a client, server, tool, workspace or API key may use in a minute, an hour, a day: calls, bytes, estimated
 * tokens, seconds. Checked and counted in one step, so that two calls at once never share what is left for one; what is
 * known only afterwards (bytes and time of the answer) is counted then, and keeps the next call out.
 *
 * A window begins with its first use and is whole again when it ends. Windows of an hour and a day outlast a restart.
 */
import { type Pattern, pattern } from '../../../shared/domain/pattern.ts'
import { bytesAToken, periodMs, type QuotaMeasure, type UseQuota } from '../../../shared/domain/quota.ts'
import { quotaSpent } from '../../../shared/errors.ts'

/** Who a call counts for. */
export interface QuotaSubject {
  readonly client: string
  readonly workspace: string
  readonly server?: string
  readonly tool?: string
  /** The API key it came with. */
  readonly key?: string
}

export interface QuotaWindow {
  readonly startedAt: number
  readonly used: number
}

export interface KeptQuotas {
  all(): readonly UseQuota[]
  windows(): ReadonlyMap<string, QuotaWindow>
  keep(id: string, window: QuotaWindow): void
}

export type Amounts = Readonly<Partial<Record<QuotaMeasure, number>>>

export interface ShownQuota extends UseQuota {
  readonly used: number
  /** When it is whole again; absent while nothing is used. */
  readonly refillsAt?: number
}

export const quotaId = ({ holder, name, measure, per }: Omit<UseQuota, 'most'>): string =>
  `${holder}:${name}:${measure}:${per}`

export class Quotas {
  readonly #exact = new Map<string, UseQuota[]>()
  #patterns: { readonly quota: UseQuota; readonly fits: Pattern }[] = []
  readonly #windows = new Map<string, { startedAt: number; used: number }>()
  readonly #unsaved = new Set<string>()

  constructor(
    private readonly kept: KeptQuotas,
    private readonly now: () => number = Date.now,
  ) {
    for (const [id, window] of kept.windows()) this.#windows.set(id, { ...window })
    this.reload()
  }

  /** The person changed what is allowed. */
  reload(): void {
    this.#exact.clear()
    this.#patterns = []
    for (const quota of this.kept.all()) {
      if (quota.holder === 'tool' && quota.name.includes('*')) this.#patterns.push({ quota, fits: pattern(quota.name) })
      else {
        const key = `${quota.holder}:${quota.name}`
        this.#exact.set(key, [...(this.#exact.get(key) ?? []), quota])
      }
    }
  }

  /** Whether anything is left for who is known already; nothing is counted. @throws limits.quota */
  check(of: QuotaSubject): void {
    if (this.isEmpty) return
    for (const quota of this.#of(of)) this.#refuseSpent(quota, 0)
  }

  /** Counts what is known before, all of it or, when one quota is spent, nothing. @throws limits.quota */
  consume(of: QuotaSubject, amounts: Amounts): void {
    if (this.isEmpty) return
    const quotas = this.#of(of)
    for (const quota of quotas) this.#refuseSpent(quota, amounts[quota.measure] ?? 0)
    this.#count(quotas, amounts)
  }

  /** Counts what is known only afterwards; what is too much keeps the next call out. */
  charge(of: QuotaSubject, amounts: Amounts): void {
    if (this.isEmpty) return
    this.#count(this.#of(of), amounts)
  }

  shown = (): ShownQuota[] =>
    this.kept.all().map((quota) => {
      const window = this.#window(quota)
      return window
        ? { ...quota, used: Math.ceil(window.used), refillsAt: window.startedAt + periodMs[quota.per] }
        : { ...quota, used: 0 }
    })

  /** Writes the windows that outlast a restart. */
  save(): void {
    for (const id of this.#unsaved) {
      const window = this.#windows.get(id)
      if (window) this.kept.keep(id, { ...window })
    }
    this.#unsaved.clear()
  }

  /** Nothing is limited: nothing has to be counted. */
  get isEmpty(): boolean {
    return this.#exact.size === 0 && this.#patterns.length === 0
  }

  #of({ client, workspace, server, tool, key }: QuotaSubject): UseQuota[] {
    const exact = (holder: string, name: string | undefined) =>
      name === undefined ? [] : (this.#exact.get(`${holder}:${name}`) ?? [])
    return [
      ...exact('client', client),
      ...exact('workspace', workspace),
      ...exact('server', server),
      ...exact('tool', tool),
      ...exact('key', key),
      ...(tool === undefined ? [] : this.#patterns.filter(({ fits }) => fits.matches(tool)).map(({ quota }) => quota)),
    ]
  }

  #refuseSpent(quota: UseQuota, amount: number): void {
    const window = this.#window(quota)
    const used = window?.used ?? 0
    if (used < quota.most && used + amount <= quota.most) return
    const endsAt = (window?.startedAt ?? this.now()) + periodMs[quota.per]
    throw quotaSpent(quota, Math.max(1, Math.ceil((endsAt - this.now()) / 1000)))
  }

  #count(quotas: readonly UseQuota[], amounts: Amounts): void {
    for (const quota of quotas) {
      const amount = amounts[quota.measure] ?? 0
      if (amount === 0) continue
      const id = quotaId(quota)
      const window = this.#window(quota) ?? { startedAt: this.now(), used: 0 }
      window.used += amount
      this.#windows.set(id, window)
      if (quota.per !== 'minute') this.#unsaved.add(id)
    }
  }

  /** The window that runs; undefined when the last one ended. A clock set back makes no window longer than its period. */
  #window(quota: UseQuota): { startedAt: number; used: number } | undefined {
    const window = this.#windows.get(quotaId(quota))
    if (window === undefined) return undefined
    const now = this.now()
    if (window.startedAt > now) window.startedAt = now
    return now - window.startedAt < periodMs[quota.per] ? window : undefined
  }
}

/** @param sizeBytes of arguments or answer */
export const sized = (sizeBytes: number): Amounts => ({ bytes: sizeBytes, tokens: Math.ceil(sizeBytes / bytesAToken) })
