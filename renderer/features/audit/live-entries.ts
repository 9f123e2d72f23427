import type { z } from 'zod'
import type { auditEntry } from '../../../shared/contract/audit.ts'

export type AuditEntry = z.output<typeof auditEntry>
export const pageSize = 100

/** Newest first. */
export interface EntryPage {
  readonly entries: readonly AuditEntry[]
  /** How many there are, read or not; counted up to 10 000. */
  readonly total: number
  readonly more?: true | undefined
}

/** What the table shows, and the newest page while it waits to be shown. */
export interface LiveEntries extends EntryPage {
  /** Nothing older is left to read. */
  readonly done: boolean
  readonly fresh?: EntryPage
}

export const beginWith = ({ entries, total }: EntryPage): LiveEntries => ({
  entries,
  total,
  done: entries.length < pageSize,
})

/** The log has grown: shown at once to whoever is at its top; below, nothing moves under the reader's eyes. */
export function arrived(shown: LiveEntries, page: EntryPage, atTop: boolean): LiveEntries {
  const known = (shown.fresh ?? shown).entries[0]?.seq ?? 0
  if ((page.entries[0]?.seq ?? 0) <= known) return shown
  const { entries, total, done } = shown
  const waiting = { entries, total, done, fresh: page }
  return atTop || entries.length === 0 ? caughtUp(waiting) : waiting
}

/** Shows what waits. Where a whole page is new there may be a gap below it: then what was read before is let go. */
export function caughtUp({ fresh, ...shown }: LiveEntries): LiveEntries {
  if (!fresh) return shown
  const known = shown.entries[0]?.seq ?? 0
  const added = fresh.entries.filter(({ seq }) => seq > known)
  if (added.length === pageSize || shown.entries.length === 0) return beginWith(fresh)
  return { ...shown, entries: [...added, ...shown.entries], total: fresh.total }
}

export function withOlder(shown: LiveEntries, page: EntryPage): LiveEntries {
  return { ...shown, entries: [...shown.entries, ...page.entries], done: page.entries.length < pageSize }
}
