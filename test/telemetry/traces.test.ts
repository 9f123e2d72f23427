import { expect, it } from 'vitest'
import { Traces } from '../../main/telemetry/traces.ts'
import { aSeenCall, lapsOf } from './a-seen-call.ts'

it('the latest calls are kept with where their time went, newest first, and no more than two hundred', () => {
  const traces = new Traces()
  for (let n = 0; n < 450; n++) traces.record(...aSeenCall({ entry: `t${n}`, laps: lapsOf(1, 2, 3), tookMs: 10 }))
  const recent = traces.recent()
  expect(recent.map(({ entry }) => entry)).toEqual(Array.from({ length: 200 }, (_, n) => `t${449 - n}`))
  expect(recent[0]?.steps).toEqual([
    { step: 'identify', ms: 1 },
    { step: 'look-up', ms: 2 },
    { step: 'filter', ms: 3 },
    { step: 'judge', ms: 4 },
  ])
})

it('the slowest are those that were slow themselves, not those the person let wait, for a day', () => {
  const traces = new Traces()
  traces.record(...aSeenCall({ entry: 'asked', laps: lapsOf(1, 1, 1, 1, 90_000, 1), tookMs: 90_006 }))
  traces.record(...aSeenCall({ entry: 'still-asked', laps: lapsOf(1, 1, 1, 1), tookMs: 45_000, outcome: 'waiting' }))
  for (let n = 0; n < 80; n++) traces.record(...aSeenCall({ entry: `slow${n}`, tookMs: 300 + n }))
  const slowest = traces.slowest(2_000)
  expect(slowest.map(({ entry }) => entry)).toEqual(Array.from({ length: 50 }, (_, n) => `slow${79 - n}`))
  expect(traces.slowest(1_000 + 25 * 3600_000)).toEqual([])
})

it('a name as long as a book is cut', () => {
  const traces = new Traces()
  traces.record(...aSeenCall({ entry: '', target: 'x'.repeat(100_000) }))
  expect(traces.recent()[0]?.entry).toHaveLength(200)
})
