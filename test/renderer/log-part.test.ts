import { expect, it } from 'vitest'
import { dayBegins, faultOf, partOf } from '../../renderer/features/audit/log-part.ts'
import type { GatehouseApi } from '../../shared/contract/contract.ts'

/** Entries written at these times, the first of them numbered 1; asked as the log's own list is. */
function aLog(...times: readonly number[]): GatehouseApi['audit'] {
  const list = async ({ until = Number.POSITIVE_INFINITY }: { until?: number }) => {
    const seq = times.findLastIndex((time) => time < until) + 1
    return { entries: seq === 0 ? [] : [{ seq }], total: seq }
  }
  return { list } as unknown as GatehouseApi['audit']
}
const at = (day: string, hour: number) => dayBegins(day, 0) + hour * 3_600_000
const log = aLog(at('2026-03-01', 9), at('2026-03-02', 0), at('2026-03-02', 23), at('2026-03-05', 1))
const days = (from: string, to: string) => partOf({ by: 'days', from, to }, log)

it.each([
  [{ by: 'entries', from: '', to: '' }, 'empty'],
  [{ by: 'entries', from: 'x', to: '' }, 'number'],
  [{ by: 'entries', from: '0', to: '5' }, 'number'],
  [{ by: 'entries', from: '9', to: '5' }, 'order'],
  [{ by: 'entries', from: '5', to: '5' }, undefined],
  [{ by: 'days', from: '2026-03-02', to: '2026-03-01' }, 'order'],
  [{ by: 'days', from: '', to: '2026-03-01' }, undefined],
] as const)('says what is wrong with %j: %s', (fields, fault) => {
  expect(faultOf(fields)).toBe(fault)
})

it('takes numbers of entries as they are', async () => {
  expect(await partOf({ by: 'entries', from: '3', to: '' }, log)).toEqual({ from: 3 })
  expect(await partOf({ by: 'entries', from: '3', to: '7' }, log)).toEqual({ from: 3, to: 7 })
})

it('finds the entries of whole days, of the first midnight and up to the last', async () => {
  expect(await days('2026-03-02', '2026-03-02')).toEqual({ from: 2, to: 3 })
  expect(await days('2026-03-01', '2026-03-04')).toEqual({ from: 1, to: 3 })
  expect(await days('', '2026-03-01')).toEqual({ to: 1 })
  expect(await days('2026-03-03', '')).toEqual({ from: 4 })
})

it('says when nothing was written in the days', async () => {
  expect(await days('2026-03-03', '2026-03-04')).toBe('none')
  expect(await days('', '2026-02-01')).toBe('none')
})

it('begins and ends days by the clock of this computer, also where they are not 24 hours long', () => {
  const begins = new Date(dayBegins('2026-03-29', 1))
  expect([begins.getDate(), begins.getHours(), begins.getMinutes()]).toEqual([30, 0, 0])
})
