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

it('what nobody holds any more is really collected, and no other code can collect', async () => {
  vi.useRealTimers()
  const collected = Promise.withResolvers<string>()
  const registry = new FinalizationRegistry<string>((name) => collected.resolve(name))
  registry.register({ large: Buffer.alloc(1024) }, 'nobody’s')
  await new Promise((turn) => setImmediate(turn))
  const rest = new AtRest(undefined, 1)
  expect(await collected.promise).toBe('nobody’s')
  rest.stop()
  expect('gc' in globalThis).toBe(false)
})
