import { join } from 'node:path'
import { expect, it } from 'vitest'
import { breakerOf, retryOf } from '../../main/compose/resilience.ts'
import { readConfig } from '../../main/config/config.ts'
import { Breaker, defaultBreaker } from '../../main/limits/breaker.ts'
import { defaultRetry, retried } from '../../main/supervisor/retry.ts'

const settings = (env: Record<string, string> = {}) => readConfig(join('nowhere', 'config.yaml'), env).config.servers

it('are what the specification says unless somebody sets them', () => {
  expect(breakerOf(settings())).toEqual(defaultBreaker)
  expect(retryOf(settings())).toEqual(defaultRetry)
})

it('a server rests after as many failures, and as long, as is set', () => {
  const set = settings({ GATEHOUSE_SERVERS__BREAKER_FAILURES: '2', GATEHOUSE_SERVERS__BREAKER_REST_SECONDS: '7' })
  const breaker = new Breaker(breakerOf(set), () => 0)
  breaker.failed('plain')
  expect(breaker.state).toBe('closed')
  breaker.failed('plain')
  expect([breaker.state, breaker.waitMs()]).toEqual(['open', 7_000])
})

it('a server rests at the share that is set, of as many calls as are set', () => {
  const set = settings({ GATEHOUSE_SERVERS__BREAKER_PERCENT: '25', GATEHOUSE_SERVERS__BREAKER_CALLS: '4' })
  const breaker = new Breaker(breakerOf(set), () => 0)
  for (let call = 0; call < 3; call++) breaker.succeeded('plain')
  expect(breaker.state).toBe('closed')
  breaker.failed('plain')
  expect(breaker.state).toBe('open')
})

it('a call is tried as often as is set, after no longer than is set', async () => {
  const set = settings({
    GATEHOUSE_SERVERS__RETRY_ATTEMPTS: '4',
    GATEHOUSE_SERVERS__RETRY_FIRST_MILLISECONDS: '800',
    GATEHOUSE_SERVERS__RETRY_LONGEST_SECONDS: '1',
  })
  const waits: number[] = []
  const failing = () => Promise.reject(new Error('again'))
  const wait = async (ms: number) => void waits.push(ms)
  await expect(retried(failing, () => true, wait, retryOf(set))).rejects.toThrow('again')
  expect(waits).toHaveLength(3)
  expect(waits.every((ms) => ms >= 400 && ms <= 1_000)).toBe(true)
})
