import { describe, expect, it } from 'vitest'
import type { AuditEntry } from '../../renderer/features/audit/live-entries.ts'
import { asked, entryAt, missing, type WholeLog, withBlock } from '../../renderer/features/audit/whole-log.ts'
import { anEntry } from './sample-data.ts'

const empty = (top: number): WholeLog => ({ top, blocks: new Map() })
/** As main answers it, with `newest` entries in the log. */
const read = (log: WholeLog, block: number, newest: number) => {
  const { before, limit } = asked(block)
  const last = Math.min(newest, before - 1)
  const entries = Array.from({ length: Math.min(limit, last) }, (_, n) => anEntry(last - n) as AuditEntry)
  return withBlock(log, block, entries, newest)
}

describe('the whole log', () => {
  it('is read where it is looked at, by number', () => {
    const log = empty(1_000_000)
    expect(missing(log, 0, 30)).toEqual([9_999])
    expect(missing(log, 500_000 - 10, 500_000 + 20)).toEqual([5_000, 4_999])
    expect(missing(log, 999_990, 1_000_000)).toEqual([0])
    const looked = read(log, 5_000, 1_000_000)
    expect(entryAt(looked, 499_999)?.seq).toBe(500_001)
    expect(missing(looked, 499_900, 500_000)).toEqual([])
  })

  it('reads its newest part again when that has grown', () => {
    const log = read(empty(150), 1, 150)
    expect(missing(log, 0, 50)).toEqual([])
    const grown = { ...log, top: 155 }
    expect([entryAt(grown, 0), entryAt(grown, 5)?.seq]).toEqual([undefined, 150])
    expect(missing(grown, 0, 50)).toEqual([1])
    const again = read(grown, 1, 155)
    expect([entryAt(again, 0)?.seq, missing(again, 0, 50)]).toEqual([155, []])
    expect(missing({ ...read(again, 1, 230), top: 230 }, 0, 50)).toEqual([2])
  })

  it('lets go of what was looked at long ago', () => {
    const looked = Array.from({ length: 300 }, (_, block) => block).reduce(
      (log, block) => read(log, block, 30_000),
      empty(30_000),
    )
    expect(looked.blocks.size).toBe(200)
    expect([...looked.blocks.keys()].at(-1)).toBe(299)
  })
})
