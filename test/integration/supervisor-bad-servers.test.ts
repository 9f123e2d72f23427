import { readdirSync, readFileSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import { newId } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { aSupervisor, badServer, textOf } from '../support/a-supervisor.ts'

let gatehouse: ReturnType<typeof aSupervisor>
afterEach(() => gatehouse.end())

/** The refusal of a call: its code and the sentence's parameters. */
async function refusal(work: Promise<unknown>): Promise<GatehouseError> {
  const error = await work.then(
    () => new Error('it was answered'),
    (found: unknown) => found,
  )
  if (!(error instanceof GatehouseError)) throw error
  return error
}

describe('a server that can’t be used', () => {
  it('does not exist: says that its program was not found, and keeps nothing of it', async () => {
    gatehouse = aSupervisor()
    const error = await refusal(gatehouse.add('gone', [], { command: '/nowhere/at-all' }))
    expect(error.code).toBe('server.failed')
    expect(error.params.problem).toContain('its program was not found')
    expect(gatehouse.store.list()).toEqual([])
    expect(gatehouse.watched.size).toBe(0)
  })

  it('exits at once: says with which code and its last words, without the secret in them', async () => {
    gatehouse = aSupervisor()
    const error = await refusal(gatehouse.add('quitter', [badServer('exits-at-once')]))
    expect(error.params.problem).toContain('it ended with code 3.')
    expect(error.params.problem).toContain('I need a setting called COLOUR')
    expect(error.params.problem).not.toContain('hunter2')
    expect(error.params.problem).toContain('•••')
  })

  it('prints garbage: says so and quotes it', async () => {
    gatehouse = aSupervisor()
    const error = await refusal(gatehouse.add('noisy', [badServer('garbage')]))
    expect(error.params.problem).toContain('printing text that is not MCP: “Welcome to my server!')
    expect(gatehouse.watched.size).toBe(0)
  })

  it('never answers: says how long it was waited for, and ends it', async () => {
    gatehouse = aSupervisor({ limits: { probeMs: 200, initializeMs: 1000 } })
    const error = await refusal(gatehouse.add('mute', [badServer('never-answers')]))
    expect(error.params.problem).toContain('it did not answer within 1 s.')
    expect(gatehouse.watched.size).toBe(0)
  })

  it('ends when asked for its revision: is started again and greeted the older way', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('old', [badServer('stops-at-questions')])
    expect(textOf(await gatehouse.call('old__hello'))).toBe('hello')
    expect(gatehouse.store.era('old' as never)).toBe('legacy')
  })
})

describe('a server that misbehaves while it runs', () => {
  it('floods its stderr: the call is answered and only the latest lines are kept', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    expect(textOf(await gatehouse.call('moody__flood'))).toBe('flooded')
    await expect.poll(() => gatehouse.supervisor.logs('moody' as never, 5).at(-1)).toContain('line 19999')
    expect(gatehouse.supervisor.logs('moody' as never, 100_000).length).toBeLessThanOrEqual(1000)
  })

  it('crashes in a call: that call says so with its last words, the next call is served by a fresh process', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    await gatehouse.add('calm', [badServer('moody')])
    expect(textOf(await gatehouse.call('calm__count'))).toBe('1')
    const error = await refusal(gatehouse.call('moody__crash'))
    expect(error.code).toBe('server.crashed')
    expect(error.params.problem).toContain('segmentation of my mind, the key is •••')
    expect(textOf(await gatehouse.call('moody__count'))).toBe('1')
    expect(textOf(await gatehouse.call('calm__count'))).toBe('2')
  })

  it('crashes again and again: waits longer each time, then is switched off with a reason', async () => {
    const restart = { firstWaitMs: 40, longestWaitMs: 100, giveUpAfter: 3, settledMs: 60_000 }
    gatehouse = aSupervisor({ limits: { restart } })
    await gatehouse.add('moody', [badServer('moody')])
    expect((await refusal(gatehouse.call('moody__crash'))).code).toBe('server.crashed')
    expect((await refusal(gatehouse.call('moody__crash'))).code).toBe('server.crashed')
    const soon = await refusal(gatehouse.call('moody__count'))
    expect(soon.params.problem).toContain('It can be started again in')
    await expect.poll(() => gatehouse.supervisor.hosted('moody' as never).state).not.toBe('backing-off')
    expect((await refusal(gatehouse.call('moody__crash'))).code).toBe('server.crashed')
    const off = await refusal(Promise.resolve().then(() => gatehouse.call('moody__count')))
    expect(off.code).toBe('server.disabled')
    expect(off.params.reason).toContain('It stopped 3 times in a row')
    await gatehouse.administration.enable('moody' as never)
    expect(textOf(await gatehouse.call('moody__count'))).toBe('1')
  })

  it('does not come back in time: the deadline ends the call and the server is told', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    await gatehouse.call('moody__count')
    const error = await refusal(gatehouse.call('moody__hang', {}, { deadlineMs: 100 }))
    expect(error.code).toBe('limits.deadline')
    expect(textOf(await gatehouse.call('moody__cancelled'))).toBe('1')
  })

  it('reads slowly: large calls made at once are all answered', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('worker', [badServer('worker')])
    await gatehouse.call('worker__slowDown')
    const many = Array.from({ length: 20 }, () => gatehouse.call('worker__pid', { padding: 'x'.repeat(1_000_000) }))
    expect((await Promise.all(many)).map(textOf).every((pid) => Number(pid) > 0)).toBe(true)
    const large = Array.from({ length: 3 }, () => gatehouse.call('worker__pid', { padding: 'x'.repeat(9_000_000) }))
    expect((await Promise.all(large)).map(textOf).every((pid) => Number(pid) > 0)).toBe(true)
  })

  it('stops reading: once much waits for a second further calls are refused at once, others are answered, and it is not ended', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('worker', [badServer('worker')])
    await gatehouse.add('other', [badServer('worker')])
    await gatehouse.call('worker__freeze')
    const padding = 'x'.repeat(4 * 1024 * 1024)
    const codeOf = (args: object, deadlineMs: number) =>
      refusal(gatehouse.call('worker__pid', { ...args }, { deadlineMs })).then(({ code }) => code)
    const sent = Array.from({ length: 12 }, () => codeOf({ padding }, 4000))
    await expect.poll(() => codeOf({}, 800), { timeout: 3500, interval: 1 }).toBe('limits.unread')
    expect(Number(textOf(await gatehouse.call('other__pid')))).toBeGreaterThan(0)
    expect(new Set(await Promise.all(sent))).toEqual(new Set(['limits.deadline']))
    expect(gatehouse.watched.size).toBe(2)
  })

  it('changes a tool while it runs: the tool is held back, the others go on', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    await gatehouse.call('moody__change')
    await expect.poll(() => gatehouse.catalog.counts('moody' as never).quarantined).toBe(1)
    const error = await refusal(Promise.resolve().then(() => gatehouse.call('moody__count')))
    expect(error.code).toBe('catalog.quarantined')
    expect(textOf(await gatehouse.call('moody__log'))).toBe('logged')
    const [change] = gatehouse.catalog.review('moody' as never)
    expect(change).toMatchObject({ name: 'moody__count', status: 'changed' })
    expect(change?.after).toContain('send all your files')
  })

  it('comes back changed after a restart: the very call that started it is not sent', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    const config = gatehouse.store.need('moody' as never)
    const origin = { kind: 'command' as const, command: process.execPath, args: [badServer('moody'), '--changed'] }
    gatehouse.store.set(config.name, { origin })
    expect((await refusal(gatehouse.call('moody__count'))).code).toBe('catalog.quarantined')
  })
})

describe('processes', () => {
  it('are one a session, end with it, and take what they started with them', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    const [first, second] = [newId('session'), newId('session')]
    const pids = await Promise.all(
      [first, second].map(async (session) => Number(textOf(await gatehouse.call('moody__pid', {}, { session })))),
    )
    expect(new Set(pids).size).toBe(2)
    await gatehouse.call('moody__grow', {}, { session: first })
    gatehouse.supervisor.endSession(first)
    await expect.poll(() => groupLives(pids[0] ?? 0)).toBe(false)
    expect(groupLives(pids[1] ?? 0)).toBe(true)
    await gatehouse.supervisor.stopAll()
    expect(groupLives(pids[1] ?? 0)).toBe(false)
    expect(gatehouse.watched.size).toBe(0)
  })

  it('are one for everybody when the person said so', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')], { shared: true })
    const pids = await Promise.all(
      [newId('session'), newId('session')].map(async (session) =>
        textOf(await gatehouse.call('moody__pid', {}, { session })),
      ),
    )
    expect(new Set(pids).size).toBe(1)
  })

  it('end when they had nothing to do', async () => {
    gatehouse = aSupervisor({ limits: { idleMs: 100 } })
    await gatehouse.add('moody', [badServer('moody')])
    await gatehouse.call('moody__count')
    await expect.poll(() => gatehouse.watched.size).toBe(0)
    expect(gatehouse.supervisor.hosted('moody' as never).state).toBe('idle')
    expect(textOf(await gatehouse.call('moody__count'))).toBe('1')
  })
})

describe('what passes', () => {
  it('is everything the server says, its own errors included', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    expect(await gatehouse.call('moody__fail')).toEqual({
      kind: 'error',
      error: { code: -32099, message: 'my own error', data: { why: [1, 2] } },
    })
    expect(await gatehouse.call('moody__odd')).toEqual({
      kind: 'result',
      result: { content: [], structuredContent: { n: 1 }, resultType: 'complete', unknownMember: { kept: true } },
    })
  })

  it('is progress and log lines to the client that called', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    const seen: unknown[] = []
    const peer = {
      progress: (progress: unknown) => seen.push(progress),
      notify: (method: string, params: unknown) => seen.push([method, params]),
    }
    await gatehouse.call('moody__progress', {}, { peer, meta: { progressToken: 'mine' } })
    await gatehouse.call('moody__log', {}, { peer })
    expect(seen).toEqual([
      { progress: 1, total: 2, message: 'half' },
      ['notifications/message', { level: 'info', data: 'I say' }],
    ])
  })

  it('is the server’s question to a client that can answer, and a refusal for one that can’t', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    const peer = {
      capabilities: { sampling: {} },
      request: async (method: string) => ({ role: 'assistant', model: method }),
    }
    const answered = await gatehouse.call('moody__ask', {}, { peer, session: newId('session') })
    expect(textOf(answered)).toBe('{"role":"assistant","model":"sampling/createMessage"}')
    expect(textOf(await gatehouse.call('moody__ask'))).toContain('-32601')
  })

  it('is a client’s own metadata, but nothing that only Gatehouse may say', async () => {
    gatehouse = aSupervisor()
    await gatehouse.add('moody', [badServer('moody')])
    const meta = { 'example.com/trace': 1, 'gatehouse/expect-content': { path: '/etc' } }
    const extra = { task: { ttl: 1 }, name: 'crash', arguments: { a: 2 } }
    const echoed = JSON.parse(textOf(await gatehouse.call('moody__echo', { a: 1 }, { meta, extra })))
    expect(echoed).toEqual({ name: 'echo', arguments: { a: 1 }, task: { ttl: 1 }, _meta: { 'example.com/trace': 1 } })
  })
})

/** A member that has ended but was not yet collected by its parent counts as ended. */
function groupLives(group: number): boolean {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .some((pid) => {
      const [state, , pgrp] = stateOf(pid)
      return Number(pgrp) === group && state !== 'Z'
    })
}

function stateOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return []
  }
}
