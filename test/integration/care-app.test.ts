import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sampleProcess } from '../../main/sandbox/process-tree.ts'
import { badServer } from '../support/a-supervisor.ts'
import type { CommandResult } from '../support/run-command.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'

const crashing = badServer('worker')

describe('the care for servers, through the running app', () => {
  let app: RunningApp
  const parsed = async (running: Promise<CommandResult>) => {
    const { out, err, code } = await running
    expect([code, code === 0 ? '' : err]).toEqual([0, ''])
    return JSON.parse(out)
  }
  const done = (...args: string[]) => parsed(app.operator('--json', ...args))
  const seen = (...args: string[]) => parsed(app.cli('--json', ...args))
  const add = (name: string, ...options: string[]) =>
    done('servers', 'add', name, '--sandbox', '0', '--yes', ...options, '--', process.execPath, crashing)

  beforeAll(async () => {
    app = await runningApp()
    await add('pool', '--shared', '--instances', '2-3', '--calls-each', '1', '--prewarm', 'app-start')
    await add('one', '--shared', '--fallback', 'pool')
    await done('permissions', 'allow', '--client', 'cli', '--tool', 'pool__*')
    await done('permissions', 'allow', '--client', 'cli', '--tool', 'one__*')
  }, 60_000)
  afterAll(() => app.end())

  it('shows what was set and what a server uses', async () => {
    await done('call', 'pool__pid')
    const server = await seen('servers', 'inspect', 'pool')
    expect(server.running).toEqual({
      prewarm: 'app-start',
      instances: { min: 2, max: 3 },
      callsEach: 1,
    })
    expect(server.usage).toMatchObject({ processes: expect.any(Number), memoryBytes: expect.any(Number) })
    const changed = await done('servers', 'set', 'pool', '--balance', 'round-robin', '--no-affinity')
    expect(changed.running).toMatchObject({ callsEach: 1, balance: 'round-robin', affinity: false })
    const back = await done('servers', 'set', 'pool', '--default', 'balance', '--default', 'affinity')
    expect(back.running).toEqual({ prewarm: 'app-start', instances: { min: 2, max: 3 }, callsEach: 1 })
    expect((await app.operator('servers', 'set', 'pool', '--quota', 'web', '--default', 'quota')).code).toBe(2)
    expect((await app.operator('servers', 'set', 'pool', '--default', 'colour')).code).toBe(2)
    expect((await app.operator('servers', 'set', 'one', '--fallback', 'nobody')).code).not.toBe(0)
  })

  it('repairs a server that crashed, tells of it, and lets the person call it resolved', async () => {
    expect((await app.operator('call', 'one__crash')).code).toBe(1)
    const { incidents } = await seen('incidents', 'list', '--server', 'one')
    expect(incidents[0]).toMatchObject({ server: 'one', symptoms: [{ kind: 'crashed' }] })
    expect(incidents[0].symptoms[0].detail).toContain('worker is tired')
    const report = await seen('health')
    expect(report.servers.find(({ name }: { name: string }) => name === 'one').state).not.toBe('healthy')
    await expect
      .poll(async () => (await seen('incidents', 'show', incidents[0].id)).status, { timeout: 15_000, interval: 500 })
      .toBe('resolved')
    const shown = await seen('incidents', 'show', incidents[0].id)
    expect(shown.attempts).toMatchObject([{ strategy: 'restart', worked: true }])
    expect((await seen('incidents', 'list')).figures).toMatchObject({ resolved: 1, successRate: 1 })
    expect((await app.operator('incidents', 'resolve', incidents[0].id)).err).toContain('resolved already')
  })

  it('switches off a server that no repair helps, with its last words as the reason', async () => {
    const file = join(app.home, 'obstacle')
    const args = ['servers', 'add', 'stubborn', '--sandbox', '0', '--shared', '--yes', '--', process.execPath, crashing]
    await done(...args, '--refuse', '--once', file)
    await done('permissions', 'allow', '--client', 'cli', '--tool', 'stubborn__*')
    await done('call', 'stubborn__pid')
    writeFileSync(file, '')
    await app.operator('call', 'stubborn__crash')
    const stateOf = async () => (await seen('servers', 'inspect', 'stubborn')).state
    await expect.poll(stateOf, { timeout: 20_000, interval: 300 }).toBe('disabled')
    expect((await seen('servers', 'inspect', 'stubborn')).problem).toContain('I will not start while the file is there')
    const [incident] = (await seen('incidents', 'list', '--status', 'escalated')).incidents
    expect(incident).toMatchObject({ server: 'stubborn', severity: 'critical' })
    expect(incident.attempts.map(({ strategy }: { strategy: string }) => strategy)).toEqual([
      'restart',
      'recreate-sandbox',
      'disable',
    ])
    expect((await app.operator('incidents', 'resolve', incident.id)).code).toBe(0)
  })

  it('answers by the server the person named while one is down, and records both', async () => {
    await done('servers', 'set', 'one', '--env', 'NODE_OPTIONS=--no-such-option')
    const answer = await done('call', 'one__count')
    expect(answer.content[0].text).toBe('1')
    const { entries } = await seen('audit', 'list')
    const actions = entries.map(({ action, tool }: { action: string; tool?: string }) => `${action} ${tool}`)
    expect(actions).toContain('call.stood-in pool__count')
    expect(actions).toContain('tools/call one__count')
    expect(actions).toContain('tools/call pool__count')
  })

  it('leaves no process of a pool behind when the app is killed', async () => {
    await done('call', 'pool__pid')
    const { pids } = await seen('servers', 'inspect', 'pool')
    expect(pids.length).toBeGreaterThan(0)
    process.kill(app.pid, 'SIGKILL')
    for (const pid of pids) await expect.poll(() => sampleProcess(pid), { interval: 50 }).toBeUndefined()
  })
})
