import type { SessionId } from '../../shared/domain/ids.ts'
import type { SessionRecord } from './session-store.ts'

/**
 * Which session came after which ended one: a bridge whose session a person ended connects again by itself, in a new one.
 * An ended session is followed by at most one, the first that the same client opened after its end.
 */
export function followed(records: readonly SessionRecord[]): ReadonlyMap<SessionId, SessionId> {
  const bridges = records.filter(({ door }) => door === 'bridge')
  const ends = bridges.filter(({ state }) => state === 'terminated').sort((a, b) => a.lastActiveAt - b.lastActiveAt)
  const starts = [...bridges].sort((a, b) => a.startedAt - b.startedAt)
  const found = new Map<SessionId, SessionId>()
  for (const end of ends) {
    const next = starts.find(
      ({ id, clientId, startedAt }) =>
        id !== end.id && clientId === end.clientId && startedAt >= end.lastActiveAt && !found.has(id),
    )
    if (next) found.set(next.id, end.id)
  }
  return found
}
