import { describe, expect, it } from 'vitest'
import { AdaptiveRate } from '../../main/limits/adaptive-rate.ts'
import { Breaker, type BreakerState, defaultBreaker, type Pass } from '../../main/limits/breaker.ts'
import { processorTime } from '../support/processor-time.ts'

const aBreaker = () => {
  const clock = { ms: 0 }
  const states: BreakerState[] = []
  const breaker = new Breaker(
    defaultBreaker,
    () => clock.ms,
    (state) => states.push(state),
  )
  const fail = (times: number) => {
    for (let n = 0; n < times; n++) breaker.failed(breaker.pass() as Pass)
  }
  const succeed = (times: number) => {
    for (let n = 0; n < times; n++) breaker.succeeded(breaker.pass() as Pass)
  }
  return { clock, states, breaker, fail, succeed }
}

describe('a breaker', () => {
  it('opens after five failures in a row, and not after four', () => {
    const { breaker, fail, succeed } = aBreaker()
    fail(4)
    succeed(1)
    fail(4)
    expect(breaker.state).toBe('closed')
    fail(1)
    expect(breaker.state).toBe('open')
    expect(breaker.pass()).toBeUndefined()
  })

  it('opens when half of at least ten calls failed, and not with half of eight', () => {
    const { breaker, fail, succeed } = aBreaker()
    for (let n = 0; n < 4; n++) {
      succeed(1)
      fail(1)
    }
    expect(breaker.state).toBe('closed')
    succeed(1)
    fail(1)
    expect(breaker.state).toBe('open')
  })

  it('lets one probe through after thirty seconds, and closes when that is answered', () => {
    const { breaker, clock, fail, states } = aBreaker()
    fail(5)
    clock.ms = 29_999
    expect(breaker.refuses()).toBe(true)
    expect(breaker.pass()).toBeUndefined()
    clock.ms = 30_000
    expect(breaker.refuses()).toBe(false)
    expect(breaker.pass()).toBe('probe')
    expect(breaker.pass()).toBeUndefined()
    breaker.succeeded('probe')
    expect(states).toEqual(['open', 'half-open', 'closed'])
    fail(4)
    expect(breaker.state).toBe('closed')
  })

  it('stays open for another thirty seconds when the probe fails', () => {
    const { breaker, clock, fail } = aBreaker()
    fail(5)
    clock.ms = 30_000
    breaker.failed(breaker.pass() as Pass)
    clock.ms = 59_999
    expect(breaker.pass()).toBeUndefined()
    clock.ms = 60_000
    expect(breaker.pass()).toBe('probe')
  })

  it('gives a cancelled probe to the next call', () => {
    const { breaker, clock, fail } = aBreaker()
    fail(5)
    clock.ms = 30_000
    breaker.returned(breaker.pass() as Pass)
    expect(breaker.pass()).toBe('probe')
  })

  it('lets a call that began before it opened decide nothing', () => {
    const { breaker, fail } = aBreaker()
    const slow = breaker.pass() as Pass
    fail(5)
    breaker.succeeded(slow)
    expect(breaker.state).toBe('open')
  })

  it('costs less than a microsecond a call while closed', () => {
    const { breaker, succeed } = aBreaker()
    succeed(20_000)
    const calls = 200_000
    const tookMs = processorTime()
    succeed(calls)
    expect((tookMs() * 1000) / calls).toBeLessThan(1)
    expect(breaker.state).toBe('closed')
  })
})

describe('the rate of a server', () => {
  const aRate = (adapts = true) => {
    const clock = { ms: 0 }
    const rate = new AdaptiveRate(
      () => 100,
      () => adapts,
      () => clock.ms,
    )
    const window = (good: number, bad: number) => {
      for (let n = 0; n < good; n++) rate.ended(true)
      for (let n = 0; n < bad; n++) rate.ended(false)
      clock.ms += 60_000
      rate.pass()
      return rate.rate
    }
    return { clock, rate, window }
  }

  it('refuses above itself and says how long', () => {
    const { clock, rate } = aRate()
    for (let n = 0; n < 100; n++) expect(rate.pass()).toBe(0)
    clock.ms = 20_000
    expect(rate.pass()).toBe(40_000)
    clock.ms = 60_000
    expect(rate.pass()).toBe(0)
  })

  it('rises by a tenth while more than 95 % succeed, to twice its base', () => {
    const { window } = aRate()
    expect(window(20, 0)).toBe(110)
    expect(window(19, 1)).toBe(110)
    for (let n = 0; n < 20; n++) window(20, 0)
    expect(window(20, 0)).toBe(200)
  })

  it('falls by a tenth while fewer than 80 % succeed, to half its base', () => {
    const { window } = aRate()
    expect(window(15, 5)).toBe(90)
    for (let n = 0; n < 20; n++) window(0, 20)
    expect(window(0, 20)).toBe(50)
  })

  it('does not move on few calls, nor where it is not asked to', () => {
    expect(aRate().window(9, 0)).toBe(100)
    expect(aRate(false).window(20, 0)).toBe(100)
  })
})
