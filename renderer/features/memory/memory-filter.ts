import type { ClientId, EpochMs } from '../../../shared/domain/ids.ts'
import type { RecallFilter } from '../../../shared/domain/memory.ts'
import type { Label } from './memory-types.ts'

/** What the person narrows the memory down to, as its fields hold it; empty: not at all. */
export interface MemoryFilter {
  readonly type: string
  readonly source: string
  /** A client's id. */
  readonly client: string
  /** Left out: whatever carries one of these. */
  readonly without: readonly Label[]
  /** Percent. */
  readonly confidence: string
  /** Local days, as a date field gives them. */
  readonly createdFrom: string
  readonly createdTo: string
  readonly updatedFrom: string
  readonly updatedTo: string
}
export const noFilter: MemoryFilter = {
  type: '',
  source: '',
  client: '',
  without: [],
  confidence: '',
  createdFrom: '',
  createdTo: '',
  updatedFrom: '',
  updatedTo: '',
}

const dayMs = 24 * 3600_000

/** The first millisecond of a local day, or the last one; nothing for what is no date. */
export function ofDay(day: string, end: 'first' | 'last'): EpochMs | undefined {
  const at = day === '' ? Number.NaN : new Date(`${day}T00:00`).getTime()
  if (Number.isNaN(at)) return undefined
  if (end === 'first') return at as EpochMs
  return (new Date(at + dayMs + dayMs / 2).setHours(0, 0, 0, 0) - 1) as EpochMs // a day may have 23 or 25 hours
}

/** The filter as the memory takes it; undefined when nothing is narrowed down. */
export function asked(filter: MemoryFilter): RecallFilter | undefined {
  const named: Partial<Record<keyof RecallFilter, unknown>> = {
    types: filter.type === '' ? undefined : [filter.type],
    sources: filter.source === '' ? undefined : [filter.source],
    clients: filter.client === '' ? undefined : [filter.client as ClientId],
    withoutLabels: filter.without.length === 0 ? undefined : filter.without,
    minConfidence: filter.confidence === '' ? undefined : Number(filter.confidence) / 100,
    createdFrom: ofDay(filter.createdFrom, 'first'),
    createdTo: ofDay(filter.createdTo, 'last'),
    updatedFrom: ofDay(filter.updatedFrom, 'first'),
    updatedTo: ofDay(filter.updatedTo, 'last'),
  }
  const given = Object.entries(named).filter(([, value]) => value !== undefined)
  return given.length === 0 ? undefined : (Object.fromEntries(given) as RecallFilter)
}

/** How many things are narrowed down. */
export const setCount = (filter: MemoryFilter): number => Object.keys(asked(filter) ?? {}).length
