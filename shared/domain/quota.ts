/** What a quota counts, for whom, and in which time. */
export const quotaHolders = ['client', 'server', 'tool', 'workspace', 'key'] as const
export type QuotaHolder = (typeof quotaHolders)[number]
/** Tokens are estimated: four bytes each. Seconds are those a call took from its turn to its answer. */
export const quotaMeasures = ['calls', 'bytes', 'tokens', 'seconds'] as const
export type QuotaMeasure = (typeof quotaMeasures)[number]
export const quotaPeriods = ['minute', 'hour', 'day'] as const
export type QuotaPeriod = (typeof quotaPeriods)[number]

export interface UseQuota {
  readonly holder: QuotaHolder
  /** A name; of a tool also a pattern with `*`. */
  readonly name: string
  readonly measure: QuotaMeasure
  readonly per: QuotaPeriod
  readonly most: number
}

export const periodMs: Readonly<Record<QuotaPeriod, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 24 * 3_600_000,
}

export const bytesAToken = 4
