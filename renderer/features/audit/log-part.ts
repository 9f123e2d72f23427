import type { GatehouseApi } from '../../../shared/contract/contract.ts'

/** A part of the log, as the person names it: by numbers of entries or by days, as their fields are filled in. */
export interface PartFields {
  readonly by: 'entries' | 'days'
  readonly from: string
  readonly to: string
}
/** Numbers of the first and the last entry; absent: from the beginning, to the end. */
export interface LogPart {
  readonly from?: number
  readonly to?: number
}
export type PartFault = 'order' | 'number' | 'empty' | 'none'

/** What is wrong with the fields, before anything is asked. */
export function faultOf({ by, from, to }: PartFields): PartFault | undefined {
  if (from === '' && to === '') return 'empty'
  if (by === 'days') return from !== '' && to !== '' && from > to ? 'order' : undefined
  if (![from, to].every((text) => text === '' || isSeq(Number(text)))) return 'number'
  return from !== '' && to !== '' && Number(from) > Number(to) ? 'order' : undefined
}

const isSeq = (value: number) => Number.isSafeInteger(value) && value >= 1

/** The entries the fields name; days are those of this computer's time zone. @returns 'none' when none were written then */
export async function partOf({ by, from, to }: PartFields, audit: GatehouseApi['audit']): Promise<LogPart | 'none'> {
  if (by === 'entries') return within(from === '' ? undefined : Number(from), to === '' ? undefined : Number(to))
  const before = from === '' ? 0 : await lastBefore(audit, dayBegins(from, 0))
  const last = to === '' ? undefined : await lastBefore(audit, dayBegins(to, 1))
  if (last !== undefined && last <= before) return 'none'
  return within(from === '' ? undefined : before + 1, last)
}

const within = (from: number | undefined, to: number | undefined): LogPart => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
})

/** Entries are numbered in the order they were written. 0: none */
async function lastBefore(audit: GatehouseApi['audit'], until: number): Promise<number> {
  const { entries } = await audit.list({ limit: 1, until })
  return entries[0]?.seq ?? 0
}

/** Milliseconds at which a day, or one after it, begins here. @param day YYYY-MM-DD */
export function dayBegins(day: string, later: number): number {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Date(year, month - 1, date + later).getTime()
}
