import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { checkDaily } from '../../main/compose/cell-updates.ts'

const hour = 3_600_000
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('asks an hour after the start and then once a day, until it is stopped', () => {
  let asked = 0
  const stop = checkDaily(async () => ++asked)
  const after = (hours: number) => {
    vi.advanceTimersByTime(hours * hour)
    return asked
  }
  expect(after(0.9)).toBe(0)
  expect(after(0.1)).toBe(1)
  expect(after(23)).toBe(1)
  expect(after(1)).toBe(2)
  expect(after(48)).toBe(4)
  stop()
  expect(after(100)).toBe(4)
})

it('asks nothing when it is stopped before', () => {
  let asked = 0
  checkDaily(async () => ++asked)()
  vi.advanceTimersByTime(100 * hour)
  expect(asked).toBe(0)
})
