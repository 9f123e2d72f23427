import { describe, expect, it } from 'vitest'
import {
  type AuditEntry,
  arrived,
  beginWith,
  caughtUp,
  pageSize,
  withOlder,
} from '../../renderer/features/audit/live-entries.ts'
import { anEntry } from './sample-data.ts'

/** Entries from `newest` down, as many as given. */
const page = (newest: number, count: number) => ({
  entries: Array.from({ length: count }, (_, place) => anEntry(newest - place) as AuditEntry),
  total: newest,
})
const seqs = ({ entries }: { readonly entries: readonly AuditEntry[] }) => entries.map(({ seq }) => seq)

describe('new entries of the log', () => {
  it('are shown at once at the top', () => {
    const live = arrived(beginWith(page(3, 3)), page(5, 5), true)
    expect(seqs(live)).toEqual([5, 4, 3, 2, 1])
    expect(live).toMatchObject({ total: 5, done: true })
    expect(live.fresh).toBeUndefined()
  })

  it('wait below the top, move nothing, and keep what was read of the past', () => {
    const read = withOlder(beginWith(page(300, pageSize)), page(200, pageSize))
    const live = arrived(arrived(read, page(301, pageSize), false), page(303, pageSize), false)
    expect(live.entries).toBe(read.entries)
    expect((live.fresh?.total ?? 0) - live.total).toBe(3)
    expect(seqs(caughtUp(live)).slice(0, 4)).toEqual([303, 302, 301, 300])
    expect(caughtUp(live).entries).toHaveLength(203)
  })

  it('that are more than a page begin the table anew, without a gap', () => {
    const live = caughtUp(arrived(beginWith(page(100, pageSize)), page(900, pageSize), false))
    expect(seqs(live)).toEqual(seqs(page(900, pageSize)))
    expect(live).toMatchObject({ total: 900, done: false })
  })

  it('are not taken from an answer that is older than what is shown', () => {
    const live = beginWith(page(10, 10))
    expect(arrived(live, page(9, 9), true)).toBe(live)
  })
})
