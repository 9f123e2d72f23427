import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { Upkeep } from '../../main/supervisor/upkeep.ts'
import { newId, type ServerName } from '../../shared/domain/ids.ts'
import type { RunningSettings } from '../../shared/domain/running.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { aSupervisor, badServer, textOf } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

const worker = 'worker' as ServerName
const add = (running: RunningSettings, more: object = {}, args: string[] = []) =>
  gatehouse.add('worker', [badServer('worker'), ...args], { shared: true, running: { ...running }, ...more } as never)
const call = (tool: string, args = {}, more: object = {}) => gatehouse.call(`worker__${tool}`, args, more)
const text = async (reply: ReturnType<typeof call>) => textOf(await reply)
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'answered',
    (error: unknown) => (error instanceof GatehouseError ? error.code : error),
  )

describe('a pool of real processes', () => {
  it('spreads calls over several, keeps a session where it is, and ends all of them', async () => {
    gatehouse = aSupervisor()
    await add({ instances: { min: 0, max: 3 }, callsEach: 1 })
    const sessions = [newId('session'), newId('session'), newId('session')]
    const first = await Promise.all(sessions.map((session) => text(call('slow', { ms: 300 }, { session }))))
    const pids = first.map((answer) => answer.split(' ')[0])
    expect(new Set(pids).size).toBe(3)
    const again = await Promise.all(sessions.map((session) => text(call('pid', {}, { session }))))
    expect(again).toEqual(pids)
    expect(gatehouse.supervisor.hosted(worker).pids.map(String).sort()).toEqual([...pids].sort())
    await gatehouse.supervisor.stopAll()
    expect(gatehouse.watched.size).toBe(0)
  })

  it('goes on with the others when one crashes, and puts a new one in its place', async () => {
    gatehouse = aSupervisor()
    await add({ instances: { min: 2, max: 2 }, prewarm: 'app-start' })
    await gatehouse.supervisor.prewarm('app-start')
    const [one, two] = [newId('session'), newId('session')]
    const before = await Promise.all([one, two].map((session) => text(call('slow', {}, { session }))))
    expect(await codeOf(call('crash', {}, { session: one }))).toBe('server.crashed')
    expect(await text(call('count', {}, { session: two }))).toBe('2')
    expect(await text(call('pid', {}, { session: one }))).toMatch(/^\d+$/)
    expect(before[0]?.split(' ')[0]).not.toBe(before[1]?.split(' ')[0])
  })
})

describe('prewarming', () => {
  it('starts a shared server with the app, a session’s own with the session, and nothing nobody asked for', async () => {
    gatehouse = aSupervisor()
    await add({ prewarm: 'app-start' })
    await gatehouse.add('own', [badServer('worker')], { running: { prewarm: 'session-start' } } as never)
    await gatehouse.add('lazy', [badServer('worker')])
    await gatehouse.supervisor.prewarm('app-start')
    const running = () =>
      gatehouse.administration.list().flatMap(({ name, state }) => (state === 'running' ? [name] : []))
    expect(running()).toEqual(['worker'])
    const peer = { protocol: '2025-11-25', capabilities: {}, progress() {}, notify() {}, request: async () => ({}) }
    await gatehouse.supervisor.prewarm('session-start', { session: gatehouse.session, peer })
    expect(running()).toEqual(['own', 'worker'])
    const pid = gatehouse.supervisor.hosted('own' as ServerName).pids[0]
    expect(textOf(await gatehouse.call('own__pid'))).toBe(String(pid))
  })
})

describe('identical concurrent calls', () => {
  const read = { action: 'read' }
  const together = (more: object = {}) =>
    Promise.all(Array.from({ length: 5 }, () => text(call('slow', { ms: 100 }, { ...read, ...more }))))

  it('of read-only tools reach a trusted server once, and each is answered', async () => {
    gatehouse = aSupervisor()
    await add({ coalesce: true }, { trusted: true })
    expect(new Set(await together()).size).toBe(1)
    expect(gatehouse.supervisor.coalesced).toBe(4)
    expect(await text(call('count'))).toBe('2')
  })

  it('of different clients each reach the server: what one is asked on the way is not the other’s answer', async () => {
    gatehouse = aSupervisor()
    await add({ coalesce: true }, { trusted: true })
    await Promise.all([together(), together({ client: newId('client') })])
    expect(gatehouse.supervisor.coalesced).toBe(8)
    expect(await text(call('count'))).toBe('3')
  })

  it('all reach one that is not trusted, was not asked to join them, or may change something', async () => {
    gatehouse = aSupervisor()
    await add({ coalesce: true })
    await together()
    await gatehouse.administration.set(worker, { trusted: true })
    await together({ action: 'write' })
    await gatehouse.administration.set(worker, { running: { coalesce: false } })
    await together()
    expect(gatehouse.supervisor.coalesced).toBe(0)
  })

  it('leave each other alone when one is cancelled, and tell the server only when all are', async () => {
    gatehouse = aSupervisor()
    await add({ coalesce: true }, { trusted: true })
    await text(call('pid'))
    const cancel = new AbortController()
    const given = call('slow', { ms: 150 }, { ...read, signal: cancel.signal })
    const kept = call('slow', { ms: 150 }, read)
    cancel.abort()
    expect(await codeOf(given)).toBe('call.cancelled')
    expect(await text(kept)).toMatch(/ 1$/)
    expect(await codeOf(call('slow', { ms: 5_000 }, { ...read, deadlineMs: 50 }))).toBe('limits.deadline')
  })
})

describe('a call whose server ends under it', () => {
  const flaky = async (running: RunningSettings) => {
    gatehouse = aSupervisor()
    const file = join(gatehouse.folder, 'once')
    writeFileSync(file, '')
    await add(running, { trusted: true }, ['--once', file])
    return { file, answer: (action: string) => codeOf(call('flaky', {}, { action })) }
  }

  it('is tried again when it only reads and the person asked for that', async () => {
    const { answer, file } = await flaky({ retry: true })
    expect(await answer('read')).toBe('answered')
    expect(existsSync(file)).toBe(false)
  })

  it('is not tried again when it may change something, or nobody asked for it', async () => {
    const { answer } = await flaky({ retry: true })
    expect(await answer('write')).toBe('server.crashed')
    await gatehouse.end()
    expect(await (await flaky({})).answer('read')).toBe('server.crashed')
  })
})

describe('the breaker of a server', () => {
  it('opens after five failures in a row: further calls are refused at once and reach nothing', async () => {
    const trouble: string[] = []
    gatehouse = aSupervisor({
      limits: { restart: { firstWaitMs: 0, longestWaitMs: 0, giveUpAfter: 99, settledMs: 60_000 } },
      onTrouble: (_, kind, detail) => trouble.push(`${kind}: ${detail}`),
    })
    await add({})
    for (let n = 0; n < 5; n++) expect(await codeOf(call('crash'))).toBe('server.crashed')
    expect(trouble.at(-1)).toContain('breaker-open: ')
    expect(trouble[0]).toContain('crashed: it ended with code 9. It last said: “worker is tired of •••”')
    expect(await codeOf(call('count'))).toBe('server.failed')
    expect(gatehouse.supervisor.hosted(worker).pids).toEqual([])
    expect(() => gatehouse.supervisor.admit(worker)).toThrow('server.failed')
    await gatehouse.supervisor.restart(worker)
    expect(await text(call('count'))).toBe('1')
  })
})

const lookAt = ({ governor }: Upkeep) => governor.look()

/** However little of the processor others leave it: looked at over and over, until it was seen to use so much. */
async function looksUntil(holds: () => boolean): Promise<void> {
  do {
    await call('slow', { ms: 200 })
    lookAt(gatehouse.supervisor.upkeep)
  } while (!holds())
}

describe('what a server uses', () => {
  it('is measured for its whole tree and shown where it is inspected', async () => {
    gatehouse = aSupervisor()
    await add({})
    await call('burn')
    lookAt(gatehouse.supervisor.upkeep)
    await looksUntil(() => (gatehouse.supervisor.upkeep.governor.usage(worker)?.cpu ?? 0) > 0.2)
    const { usage } = await gatehouse.administration.inspect(worker)
    expect(usage?.cpu).toBeGreaterThan(0.2)
    expect(usage?.memoryBytes).toBeGreaterThan(20 * 1024 ** 2)
    expect(usage?.processes).toBeGreaterThanOrEqual(1)
  })

  it('over its quota: it is throttled, then ended with the reason', async () => {
    const trouble: string[] = []
    gatehouse = aSupervisor({ onTrouble: (_, kind, detail) => trouble.push(`${kind}: ${detail}`) })
    await add({ quota: 'web' })
    await call('burn')
    lookAt(gatehouse.supervisor.upkeep)
    await looksUntil(() => gatehouse.supervisor.upkeep.governor.isThrottled(worker))
    expect((await gatehouse.administration.inspect(worker)).throttled).toBe(true)
    await looksUntil(() => trouble.length > 0)
    expect(trouble[0]).toContain('over-quota: it uses ')
    await expect.poll(() => gatehouse.watched.size).toBe(0)
    expect(gatehouse.supervisor.hosted(worker).problem).toContain('its quota is 0.3.')
  })
})
