import { describe, expect, it } from 'vitest'
import { type Check, Checks, worst } from '../../main/health/checks.ts'

function someChecks(checks: readonly Check[]) {
  const clock = { at: 0 }
  const changes: string[] = []
  const all = new Checks({
    checks,
    now: () => clock.at,
    patienceMs: 20,
    onChange: (now, before) => changes.push(`${now.name}: ${before.state} → ${now.state}`),
  })
  const states = async () => Object.fromEntries((await all.report()).map(({ name, state }) => [name, state]))
  return { all, clock, changes, states }
}

describe('a look at every part', () => {
  it('says what is well, and what threw or hung, which holds up no other', async () => {
    const { all } = someChecks([
      { name: 'fine', look: () => ({ state: 'healthy', detail: 'It answers.' }) },
      {
        name: 'broken',
        look: () => {
          throw new Error('The disk is gone.')
        },
      },
      { name: 'hangs', look: () => new Promise(() => {}) },
    ])
    expect(await all.report()).toEqual([
      expect.objectContaining({ name: 'fine', state: 'healthy', checkedAt: 0 }),
      expect.objectContaining({ name: 'broken', state: 'unhealthy', detail: 'The disk is gone.' }),
      expect.objectContaining({ name: 'hangs', state: 'unhealthy', detail: 'It did not answer within 0.02 s.' }),
    ])
  })

  it('is not made twice at once, nor again before its time', async () => {
    let looks = 0
    const look = async () => {
      looks += 1
      return { state: 'healthy' as const, detail: '' }
    }
    const { all, clock } = someChecks([
      { name: 'often', look },
      { name: 'seldom', look, everyMs: 600_000 },
    ])
    await Promise.all([all.report(), all.report(), all.report()])
    expect(looks).toBe(2)
    clock.at = 29_000
    await all.report()
    expect(looks).toBe(2)
    clock.at = 31_000
    await all.report()
    expect(looks).toBe(3)
    clock.at = 600_001
    await all.report()
    expect(looks).toBe(5)
  })

  it('tells of a part that became worse or better, once', async () => {
    let well = true
    const { clock, changes, states } = someChecks([
      { name: 'disk', look: () => ({ state: well ? 'healthy' : 'degraded', detail: '' }) },
    ])
    expect(await states()).toEqual({ disk: 'healthy' })
    well = false
    for (clock.at = 60_000; clock.at <= 180_000; clock.at += 60_000) await states()
    expect(changes).toEqual(['disk: healthy → degraded'])
    well = true
    clock.at = 400_000
    await states()
    expect(changes).toEqual(['disk: healthy → degraded', 'disk: degraded → healthy'])
  })

  it('that is made seldom is made as often as others while the part is not well', async () => {
    let looks = 0
    const { clock, states } = someChecks([
      {
        name: 'keychain',
        everyMs: 600_000,
        look: () => {
          looks += 1
          return { state: looks === 1 ? 'unhealthy' : 'healthy', detail: '' }
        },
      },
    ])
    expect(await states()).toEqual({ keychain: 'unhealthy' })
    clock.at = 31_000
    expect(await states()).toEqual({ keychain: 'healthy' })
    clock.at = 500_000
    await states()
    expect(looks).toBe(2)
  })

  it('makes the whole as well as its worst part', () => {
    expect(worst([])).toBe('healthy')
    expect(worst(['healthy', 'degraded'])).toBe('degraded')
    expect(worst(['degraded', 'unhealthy', 'healthy'])).toBe('unhealthy')
  })
})
