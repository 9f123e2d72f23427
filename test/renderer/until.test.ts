import { expect, it } from 'vitest'
import { untilMs } from '../../renderer/features/approvals/until.ts'

const now = new Date(2026, 10, 20, 12).getTime()

it('ends a remembered allow when the person chose', () => {
  expect(untilMs('forever', now, '')).toBeUndefined()
  expect(untilMs('hour', now, '')).toBe(now + 3_600_000)
  expect(untilMs('today', now, '')).toBe(new Date(2026, 10, 20, 23, 59, 59, 999).getTime())
  expect(untilMs('date', now, '2026-12-01T08:30')).toBe(new Date(2026, 11, 1, 8, 30).getTime())
})
it('ends at once when the date is missing or past, rather than never', () => {
  expect(untilMs('date', now, '')).toBe(now)
  expect(untilMs('date', now, '2020-01-01T00:00')).toBe(now)
})
