import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

const everything = join(
  resolve(import.meta.dirname, '../..'),
  'node_modules/@modelcontextprotocol/server-everything/dist/index.js',
)
let app: GatehouseApp
let abuser: RawBridge
let bystander: RawBridge

beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.ask('servers', 'add', 'every', '--trust', '--yes', '--', process.execPath, everything, 'stdio')
  abuser = await app.client('abuser')
  bystander = await app.client('bystander')
}, 60_000)
afterAll(() => app.end())

const echo = (bridge: RawBridge, message: string) => bridge.call('every__echo', { message })

/** Another client is served as before, and so is this one. */
async function expectNothingLost(): Promise<void> {
  expect(said(await echo(bystander, 'still here'))).toBe('Echo: still here')
  expect(said(await echo(abuser, 'me too'))).toBe('Echo: me too')
}

describe('a client that abuses its connection', () => {
  it('sends a batch of 10 000: it is refused as one message', async () => {
    const one = { jsonrpc: '2.0', method: 'tools/call', params: { name: 'every__echo', arguments: { message: 'x' } } }
    const batch = Array.from({ length: 10_000 }, (_, id) => ({ ...one, id: `batch-${id}` }))
    const before = abuser.messages.length
    abuser.raw(`${JSON.stringify(batch)}\n`)
    expect((await abuser.find((message) => message.error?.code === -32_600)).id).toBeNull()
    await expectNothingLost()
    const answered = abuser.messages.slice(before).filter(({ id }) => String(id).startsWith('batch-'))
    expect(answered).toEqual([])
  })

  it('sends 10 000 messages nobody knows, in one go: each is answered, nobody else waits', async () => {
    const lines = Array.from({ length: 10_000 }, (_, id) => `{"jsonrpc":"2.0","id":"odd-${id}","method":"odd/${id}"}\n`)
    abuser.raw(lines.join(''))
    expect((await abuser.answer('odd-9999')).error?.code).toBe(-32_601)
    await expectNothingLost()
    const answered = abuser.messages.filter(({ id }) => String(id).startsWith('odd-'))
    expect(new Set(answered.map(({ id }) => id)).size).toBe(10_000)
    expect(answered.every(({ error }) => error?.code === -32_601)).toBe(true)
  }, 60_000)

  it('uses one id for many calls at once: each is answered under it, none with another client’s content', async () => {
    const before = abuser.messages.length
    const call = (message: string) => ({
      jsonrpc: '2.0',
      id: 'same',
      method: 'tools/call',
      params: { name: 'every__echo', arguments: { message } },
    })
    abuser.raw(Array.from({ length: 10 }, (_, n) => `${JSON.stringify(call(`number ${n}`))}\n`).join(''))
    const theirs = await Promise.all(Array.from({ length: 10 }, (_, n) => echo(bystander, `theirs ${n}`)))
    expect(theirs.map(said)).toEqual(Array.from({ length: 10 }, (_, n) => `Echo: theirs ${n}`))
    const own = () => abuser.messages.slice(before).filter(({ id }) => id === 'same')
    await expect.poll(() => own().length).toBeGreaterThan(0)
    for (const answer of own()) expect(said(answer)).toMatch(/^Echo: number \d$/)
    await expectNothingLost()
  })

  it('cancels and tries again with the same id: only the second is answered', async () => {
    const long = { name: 'every__trigger-long-running-operation', arguments: { duration: 30, steps: 3 } }
    abuser.raw(`${JSON.stringify({ jsonrpc: '2.0', id: 'again', method: 'tools/call', params: long })}\n`)
    abuser.notify('notifications/cancelled', { requestId: 'again' })
    const params = { name: 'every__echo', arguments: { message: 'second try' } }
    abuser.raw(`${JSON.stringify({ jsonrpc: '2.0', id: 'again', method: 'tools/call', params })}\n`)
    expect(said(await abuser.answer('again'))).toBe('Echo: second try')
    await expectNothingLost()
    expect(abuser.messages.filter(({ id }) => id === 'again')).toHaveLength(1)
  })

  it('cancels what it never asked, and what is over: nothing happens', async () => {
    for (const requestId of ['never', 'again', null, {}, 1e308, ''])
      abuser.notify('notifications/cancelled', { requestId })
    await expectNothingLost()
  })

  it('subscribes to resources without end: is refused beyond a thousand; the others do not notice when it leaves', async () => {
    const leaver = await app.client('leaver')
    const watch = (n: number) => leaver.request('resources/subscribe', { uri: `demo://resource/dynamic/text/${n}` })
    for (let n = 1; n <= 1000; n += 20)
      for (const { error } of await Promise.all(Array.from({ length: 20 }, (_, at) => watch(n + at))))
        expect(error).toBeUndefined()
    expect((await watch(1001)).error?.data).toMatchObject({ 'gatehouse/code': 'limits.watched' })
    expect((await watch(7)).error).toBeUndefined() // again is no more
    await leaver.kill()
    await expectNothingLost()
  }, 60_000)

  it('asks for more and more and does not read: it is cut off, which is on record, and nobody else notices', async () => {
    const greedy = await app.client('greedy')
    const said = () => greedy.stderr
    const blob = 'x'.repeat(4 * 1024 * 1024)
    greedy.stopReading()
    for (let id = 0; id < 40; id += 1) greedy.raw(`{"jsonrpc":"2.0","id":"${id}${blob}","method":"ping"}\n`) // an answer is as long as its id
    await expect.poll(said, { timeout: 20_000 }).toContain('Gatehouse is gone')
    await expectNothingLost()
    const { entries } = await app.ask('audit', 'list', '--client', 'greedy')
    expect(entries).toContainEqual(expect.objectContaining({ action: 'session.cut-off', decision: 'deny' }))
    await greedy.kill()
  }, 60_000)

  it('leaves a log that verifies', async () => {
    expect(await app.ask('audit', 'verify')).toMatchObject({ valid: true })
  })
})
