import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { AtRest } from '../../main/compose/at-rest.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

it('memory is given back once a rest, ten seconds after the last call', () => {
  let collected = 0
  const rest = new AtRest(() => collected++)
  vi.advanceTimersByTime(9_000)
  rest.busy()
  vi.advanceTimersByTime(9_999)
  expect(collected).toBe(0)
  vi.advanceTimersByTime(60_000)
  expect(collected).toBe(1)
  rest.busy()
  vi.advanceTimersByTime(10_000)
  expect(collected).toBe(2)
  rest.busy()
  rest.stop()
  vi.advanceTimersByTime(60_000)
  expect(collected).toBe(2)
})

it('what nobody holds any more is really collected, and no other code can collect', () => {
  const child = join(import.meta.dirname, 'at-rest.child.ts')
  const { status, stderr } = spawnSync(process.execPath, ['--experimental-transform-types', '--no-warnings', child])
  expect([status, String(stderr)]).toEqual([0, ''])
})
