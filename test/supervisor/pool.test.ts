import { describe, expect, it } from 'vitest'
import { Balancer, type Candidate } from '../../main/supervisor/pool/balance.ts'
import { defaultPool, InstancePool, type Lease, type PoolSettings } from '../../main/supervisor/pool/pool.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { Balance } from '../../shared/domain/running.ts'

const one = (id: string, more: Partial<Candidate> = {}): Candidate => ({
  id,
  weight: 1,
  inFlight: 0,
  responseMs: 0,
  cpu: 0,
  memory: 0,
  success: 1,
  capacity: 10,
  ...more,
})
const chosen = (strategy: Balance, candidates: Candidate[], times = 1, key = 's') => {
  const balancer = new Balancer()
  return Array.from({ length: times }, () => balancer.choose(strategy, candidates, key).id).join('')
}

describe('the balancing strategies', () => {
  it('round-robin takes turns', () => {
    expect(chosen('round-robin', [one('a'), one('b'), one('c')], 7)).toBe('abcabca')
  })

  it('weighted gives each its share, mixed', () => {
    expect(chosen('weighted', [one('a', { weight: 5 }), one('b'), one('c')], 7)).toBe('aabacaa')
  })

  it('least-connections takes who works on the fewest calls', () => {
    expect(chosen('least-connections', [one('a', { inFlight: 2 }), one('b', { inFlight: 1 })])).toBe('b')
  })

  it('least-response-time takes who will answer first, its queue counted', () => {
    const slow = one('a', { responseMs: 50 })
    expect(chosen('least-response-time', [slow, one('b', { responseMs: 20 })])).toBe('b')
    expect(chosen('least-response-time', [slow, one('b', { responseMs: 20, inFlight: 2 })])).toBe('a')
  })

  it('resource-based weighs processor and memory .3 each, traffic and success .2 each', () => {
    const pairs: [Partial<Candidate>, Partial<Candidate>][] = [
      [{ cpu: 0.6 }, { memory: 0.5 }],
      [{ memory: 0.6 }, { cpu: 0.5 }],
      [{ cpu: 0.4 }, { inFlight: 5 }],
      [{ inFlight: 6 }, { success: 0.5 }],
      [{ success: 0.2 }, { cpu: 0.5 }],
    ]
    for (const [worse, better] of pairs) expect(chosen('resource-based', [one('w', worse), one('b', better)])).toBe('b')
  })

  it('consistent-hashing keeps a key where it is, and moves few when one more comes', () => {
    const five = ['1', '2', '3', '4', '5'].map((id) => one(id))
    const keys = Array.from({ length: 1000 }, (_, n) => `se_${n}`)
    const place = (candidates: Candidate[], key: string) => chosen('consistent-hashing', candidates, 1, key)
    const before = keys.map((key) => place(five, key))
    expect(keys.map((key) => place(five.toReversed(), key))).toEqual(before)
    for (const { id } of five) expect(before.filter((at) => at === id).length).toBeGreaterThan(130)
    const moved = keys.filter((key, n) => place([...five, one('6')], key) !== before[n])
    expect(moved.length).toBeLessThan(230)
    expect(moved.every((key) => place([...five, one('6')], key) === '6')).toBe(true)
  })
})

const session = (n: number) => `se_${n}` as SessionId
interface Fake {
  pid: number
  busy: boolean
  alive: boolean
  stop(): Promise<void>
}

/** A pool of pretended processes, its clock and timers in the test's hands. */
function aPool(change: Partial<PoolSettings> = {}, startFails = false) {
  const clock = { ms: 0 }
  const timers = new Set<{ at: number; then: () => void }>()
  const started: string[] = []
  const ended: string[] = []
  const lives = new Map<string, Fake>()
  const settings = { ...defaultPool, ...change }
  const pool = new InstancePool<Fake>({
    settings: () => settings,
    start: async (slot) => {
      started.push(slot)
      if (startFails) throw new Error('it could not be started.')
      const live = { pid: started.length, busy: false, alive: true, stop: async () => {} }
      lives.set(slot, live)
      return live
    },
    end: async (slot) => void ended.push(slot),
    isAlive: (live) => live.alive,
    busyError: () => new Error('busy'),
    nowMs: () => clock.ms,
    wait: (ms, then) => {
      const timer = { at: clock.ms + ms, then }
      timers.add(timer)
      return () => timers.delete(timer)
    },
  })
  const pass = (ms: number) => {
    clock.ms += ms
    for (const timer of timers) if (timer.at <= clock.ms && timers.delete(timer)) timer.then()
  }
  const take = async (n: number): Promise<Lease<Fake>> => await pool.acquire(session(n), [])
  return { pool, pass, started, ended, lives, take }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('a pool of processes', () => {
  it('starts none before a call needs one, and one more while all are at work, to its most', async () => {
    const { take, started, pool } = aPool({ instances: { min: 0, max: 3 } })
    expect(started).toEqual([])
    await take(1)
    expect(started).toEqual(['pool-1'])
    for (let n = 2; n < 9; n++) {
      await take(n)
      await settled()
    }
    expect(pool.size).toBe(3)
  })

  it('keeps a session with its process, and moves it only when that is gone or sick', async () => {
    const { take, pool, lives } = aPool({ instances: { min: 2, max: 2 }, balance: 'round-robin' })
    await pool.prewarm()
    const homes = await Promise.all([take(1), take(2), take(1), take(1)])
    expect(homes.map(({ live }) => live.pid)).toEqual([1, 2, 1, 1])
    const first = lives.get('pool-1') as Fake
    pool.checked('pool-1', false)
    expect((await take(1)).live.pid).toBe(2)
    pool.checked('pool-1', true)
    first.alive = false
    expect((await take(3)).live.pid).toBe(2)
  })

  it('spreads one session over all without affinity', async () => {
    const { take, pool } = aPool({ instances: { min: 2, max: 2 }, balance: 'round-robin', affinity: false })
    await pool.prewarm()
    const pids = await Promise.all([take(1), take(1), take(1)])
    expect(pids.map(({ live }) => live.pid)).toEqual([1, 2, 1])
  })

  it('lets a call wait for its turn, and gives up after five seconds', async () => {
    const { take, pass, pool } = aPool({ instances: { min: 0, max: 1 }, callsEach: 1 })
    const first = await take(1)
    const second = take(2)
    const third = take(3)
    third.catch(() => {})
    await settled()
    expect(pool.waiting).toBe(2)
    first.release(true, 5)
    const lease = await second
    expect(lease.live.pid).toBe(1)
    pass(5_000)
    await expect(third).rejects.toThrow('busy')
    lease.release(true, 5)
    lease.release(true, 5)
    expect((await take(4)).live.pid).toBe(1)
    expect(pool.waiting).toBe(0)
  })

  it('lets a cancelled call leave the row', async () => {
    const { take, pool } = aPool({ instances: { min: 0, max: 1 }, callsEach: 1 })
    await take(1)
    const cancel = new AbortController()
    const waiting = pool.acquire(session(2), [cancel.signal])
    cancel.abort(new Error('cancelled'))
    await expect(waiting).rejects.toThrow('cancelled')
    expect(pool.waiting).toBe(0)
  })

  it('says why when no process can be started', async () => {
    const { take, pool } = aPool({}, true)
    await expect(take(1)).rejects.toThrow('it could not be started.')
    expect(pool.waiting).toBe(0)
  })

  it('ends who is idle for thirty seconds, but for the least that is kept, and nobody at work', async () => {
    const { take, pass, pool, ended } = aPool({ instances: { min: 1, max: 3 }, callsEach: 1 })
    const leases = await Promise.all([take(1), take(2), take(3)])
    leases[0]?.release(true, 1)
    leases[1]?.release(true, 1)
    pass(29_999)
    pool.sweep()
    expect(ended).toEqual([])
    pass(1)
    pool.sweep()
    expect(ended).toEqual(['pool-1', 'pool-2'])
    leases[2]?.release(true, 1)
    pass(30_000)
    pool.sweep()
    expect(pool.size).toBe(1)
  })

  it('replaces a process that lived too long', async () => {
    const { take, pass, pool, ended } = aPool({ instances: { min: 1, max: 1 }, lifetimeSeconds: 60 })
    ;(await take(1)).release(true, 1)
    pass(60_000)
    pool.sweep()
    await settled()
    expect(ended).toEqual(['pool-1'])
    expect((await take(1)).live.pid).toBe(2)
  })

  it('serves who waits with a new process when the only one ends', async () => {
    const { take, pool } = aPool({ instances: { min: 0, max: 1 }, callsEach: 1 })
    await take(1)
    const waiting = take(2)
    await settled()
    pool.ended('pool-1')
    expect((await waiting).live.pid).toBe(2)
  })
})
