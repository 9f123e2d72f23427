import type { EpochMs } from '../../shared/domain/ids.ts'
import type { AuditIndex } from './audit-index.ts'
import type { Journal } from './journal.ts'

/** A call may have waited for the person this long before it did what it is asked for by. */
const aroundMs = 24 * 3600_000
const lookedAtAtMost = 1_000

export interface CallPlace {
  readonly call: string
  readonly session: string
  readonly at: number
}

/** The entry of a call, or its intent when it has no other. Only its session’s entries around that time are looked at. */
export function entryOfCall(index: AuditIndex, journal: Journal, { call, session, at }: CallPlace): number | undefined {
  const range = { since: (at - aroundMs) as EpochMs, until: (at + aroundMs) as EpochMs }
  const { entries } = index.list({ session, ...range, limit: lookedAtAtMost })
  const own = entries.filter(({ seq, tool }) => {
    const place = tool === undefined ? undefined : index.find(seq)
    return place && journal.read(place).entry.callId === call
  })
  return (own.find(({ action }) => action !== 'intent') ?? own[0])?.seq
}
