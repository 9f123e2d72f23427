import { describe, expect, it } from 'vitest'
import { Limits } from '../../main/limits/limits.ts'
import { QuotaStore } from '../../main/limits/quotas/quota-store.ts'
import { Quotas } from '../../main/limits/quotas/quotas.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { JudgedCall } from '../../shared/domain/call.ts'
import type { UseQuota } from '../../shared/domain/quota.ts'
import { roughSize } from '../../shared/domain/rough-size.ts'

const editor = { client: 'editor', workspace: 'personal', server: 'files', tool: 'files__read' }
const hourMs = 3_600_000

function someQuotas(...given: UseQuota[]) {
  const db = openDatabase(':memory:')
  const tampered: string[] = []
  const clock = { now: 1_000_000 }
  const store = new QuotaStore(db, rowSeal(Buffer.alloc(32, 4)), (id) => tampered.push(id))
  for (const quota of given) store.set(quota)
  const open = () =>
    new Quotas(new QuotaStore(db, rowSeal(Buffer.alloc(32, 4)), (id) => tampered.push(id)), () => clock.now)
  return { db, store, tampered, clock, open, quotas: open() }
}
const calls = (holder: UseQuota['holder'], name: string, most: number, per: UseQuota['per'] = 'hour'): UseQuota => ({
  holder,
  name,
  measure: 'calls',
  per,
  most,
})
const refusal = (work: () => void) => {
  try {
    work()
    return 'let through'
  } catch (error) {
    return (error as { params: Record<string, string> }).params
  }
}

describe('a quota', () => {
  it('lets through what it allows, then says when to go on, and is whole again then', () => {
    const { quotas, clock } = someQuotas(calls('client', 'editor', 3))
    for (let at = 0; at < 3; at++) quotas.consume(editor, { calls: 1 })
    clock.now += 60_000
    expect(refusal(() => quotas.consume(editor, { calls: 1 }))).toMatchObject({
      name: 'editor',
      most: '3',
      seconds: '3540',
    })
    expect(refusal(() => quotas.check({ client: 'editor', workspace: 'personal' }))).toMatchObject({ seconds: '3540' })
    quotas.consume({ ...editor, client: 'other' }, { calls: 1 })
    clock.now += hourMs - 60_000
    quotas.consume(editor, { calls: 1 })
    expect(quotas.shown()).toMatchObject([{ used: 1, refillsAt: clock.now + hourMs }])
  })

  it.each([
    ['server', 'files'],
    ['tool', 'files__read'],
    ['tool', 'files__*'],
    ['workspace', 'personal'],
  ] as const)('of a %s (%s) counts whoever calls', (holder, name) => {
    const { quotas } = someQuotas(calls(holder, name, 2))
    quotas.consume(editor, { calls: 1 })
    quotas.consume({ ...editor, client: 'other' }, { calls: 1 })
    expect(refusal(() => quotas.consume(editor, { calls: 1 }))).toMatchObject({ holder, name })
    quotas.consume({ client: 'x', workspace: 'w', server: 'web', tool: 'web__get' }, { calls: 1 })
  })

  it('of tools under a pattern is decided at once, whatever the pattern is', () => {
    const { quotas } = someQuotas(calls('tool', `files__${'*a'.repeat(20)}*b`, 1))
    const tool = `files__${'a'.repeat(57)}`
    const begun = performance.now()
    for (let at = 0; at < 5; at++) quotas.consume({ ...editor, tool }, { calls: 1 })
    expect(performance.now() - begun).toBeLessThan(500)
    quotas.consume({ ...editor, tool: `${tool}b` }, { calls: 1 })
    expect(refusal(() => quotas.consume({ ...editor, tool: `${tool}b` }, { calls: 1 }))).toMatchObject({ most: '1' })
  })

  it('counts nothing of a call that another quota refuses', () => {
    const { quotas } = someQuotas(calls('client', 'editor', 10), calls('server', 'files', 1))
    quotas.consume(editor, { calls: 1 })
    for (let at = 0; at < 5; at++) refusal(() => quotas.consume(editor, { calls: 1 }))
    expect(quotas.shown().find(({ holder }) => holder === 'client')?.used).toBe(1)
  })

  it('of bytes keeps the next call out once an answer used it up', () => {
    const { quotas } = someQuotas({ holder: 'client', name: 'editor', measure: 'tokens', per: 'day', most: 1000 })
    quotas.consume(editor, { calls: 1, tokens: 10 })
    quotas.charge(editor, { tokens: 5000 })
    expect(refusal(() => quotas.consume(editor, { calls: 1, tokens: 1 }))).toMatchObject({ measure: 'tokens' })
    expect(refusal(() => quotas.consume(editor, { calls: 1 }))).toMatchObject({ measure: 'tokens' })
  })

  it('of a day outlasts a restart; a clock set back makes no window longer', () => {
    const { quotas, open, clock } = someQuotas(calls('client', 'editor', 2, 'day'))
    quotas.consume(editor, { calls: 1 })
    quotas.consume(editor, { calls: 1 })
    quotas.save()
    const again = open()
    expect(refusal(() => again.consume(editor, { calls: 1 }))).toMatchObject({ most: '2' })
    clock.now -= 10 * 24 * hourMs
    expect(refusal(() => again.consume(editor, { calls: 1 }))).toMatchObject({ seconds: String(24 * 3600) })
  })

  it('raised in the database behind Gatehouse’s back allows nothing, and is reported', () => {
    const { db, open, tampered } = someQuotas(calls('client', 'editor', 2))
    db.prepare('UPDATE use_quota SET most = 1000000').run()
    expect(refusal(() => open().consume(editor, { calls: 1 }))).toMatchObject({ most: '0' })
    expect(tampered).toContain('client:editor:calls:hour')
  })
})

describe('a call', () => {
  const aCall = () =>
    ({
      client: { name: 'editor', workspace: 'personal' },
      session: { credential: '0123456789abcdef' },
      server: { name: 'files' },
      entry: { name: 'files__read' },
      arguments: { path: 'x'.repeat(100) },
    }) as unknown as JudgedCall
  const signal = new AbortController().signal

  it('among hundreds at once uses exactly what is allowed, none more', async () => {
    const { quotas } = someQuotas(calls('client', 'editor', 50))
    const limits = new Limits({ quotas })
    const all = await Promise.allSettled(
      [...Array(300)].map(() => limits.admit(aCall(), signal).then((one) => one.release())),
    )
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(50)
    expect(all.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'limits.quota' } })
    limits.stop()
  })

  it('counts for the API key its session stands on, and is refused at the door once that is used up', async () => {
    const { quotas } = someQuotas(calls('key', '0123456789abcdef', 1))
    const limits = new Limits({ quotas })
    ;(await limits.admit(aCall(), signal)).release()
    await expect(limits.admit(aCall(), signal)).rejects.toMatchObject({ params: { holder: 'key' } })
    const { client } = aCall()
    expect(() => limits.throttle(client, 'tools/call', '0123456789abcdef')).toThrow('limits.quota')
    limits.throttle(client, 'tools/call', 'fedcba9876543210')
    limits.stop()
  })

  it('counts its arguments, its answer and its time', async () => {
    const quota = (measure: UseQuota['measure'], most: number): UseQuota => ({
      holder: 'server',
      name: 'files',
      measure,
      per: 'hour',
      most,
    })
    const { quotas } = someQuotas(quota('bytes', 10_000), quota('seconds', 100))
    const limits = new Limits({ quotas })
    const admitted = await limits.admit(aCall(), signal)
    limits.replied(aCall(), { kind: 'result', result: { content: [{ type: 'text', text: 'y'.repeat(20_000) }] } })
    admitted.release()
    const used = Object.fromEntries(quotas.shown().map(({ measure, used: amount }) => [measure, amount]))
    expect(used.bytes).toBeGreaterThan(20_100)
    expect(used.bytes).toBeLessThan(20_300)
    expect(used.seconds).toBe(1) // begun
    await expect(limits.admit(aCall(), signal)).rejects.toMatchObject({ params: { measure: 'bytes' } })
    limits.stop()
  })
})

it('the rough size of a value is near that of its JSON', () => {
  for (const value of [
    'x'.repeat(5000),
    { a: [1, 2, { b: 'text'.repeat(300) }], c: null },
    [...Array(1000)].map((_, at) => ({ id: at, name: `n${at}` })),
  ]) {
    const real = JSON.stringify(value).length
    expect(roughSize(value as never)).toBeGreaterThan(real * 0.8)
    expect(roughSize(value as never)).toBeLessThan(real * 1.4)
  }
  const wide = [...Array(300_000)].map(() => 'abcdefgh')
  expect(roughSize(wide)).toBeGreaterThan(2_000_000)
})
