import { setImmediate } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { onceATurn } from '../../main/store/once-a-turn.ts'

it('looks once in a turn of the event loop, and anew in the next', async () => {
  let looks = 0
  const look = onceATurn(() => ++looks)
  expect([look(), await Promise.resolve().then(look), look()]).toEqual([1, 1, 1])
  await setImmediate()
  expect(look()).toBe(2)
})

it('is looked at again after a look that failed', () => {
  let fails = true
  const look = onceATurn(() => {
    if (fails) throw new Error('locked')
    return true
  })
  expect(look).toThrow('locked')
  fails = false
  expect(look()).toBe(true)
})
