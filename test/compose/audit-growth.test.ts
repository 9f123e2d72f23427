import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { announceGrowth } from '../../main/compose/audit-growth.ts'
import { Events } from '../../main/events/events.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('tells the newest entry once for many, nothing while the log rests, and nothing after its end', () => {
  const audit = { size: 7 }
  const events = new Events()
  const told: number[] = []
  events.on('audit.grown', ({ seq }) => told.push(seq))
  const end = announceGrowth(audit, events)
  vi.advanceTimersByTime(2000)
  expect(told).toEqual([])
  audit.size = 9
  audit.size = 5000
  vi.advanceTimersByTime(2000)
  expect(told).toEqual([5000])
  end()
  audit.size = 5001
  vi.advanceTimersByTime(2000)
  expect(told).toEqual([5000])
})
