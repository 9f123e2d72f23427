import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { badServer } from '../support/a-supervisor.ts'
import type { CommandResult } from '../support/run-command.ts'
import { operatorPassphrase, type RunningApp, runningApp } from '../support/running-app.ts'

const worker = badServer('worker')
const planted = 'planted-0c1f7e2b9a'

/** What a chat service has: answers with what it is told to, and keeps what it got. */
async function aReceiver() {
  const got: { readonly path: string; readonly text: string }[] = []
  const state = { status: 200, tries: 0 }
  const server = createServer(async (request, response) => {
    const body = await text(request)
    state.tries += 1
    if (state.status === 200) got.push({ path: request.url ?? '', text: (JSON.parse(body) as { text: string }).text })
    response.writeHead(state.status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    got,
    state,
    url: `http://127.0.0.1:${port}/services/${planted}`,
    host: `127.0.0.1:${port}`,
    end: () => server.close(),
  }
}

describe('alerts, through the running app', () => {
  const home = mkdtempSync(join(tmpdir(), 'gatehouse-alerts-'))
  const obstacle = join(home, 'obstacle')
  let app: RunningApp
  let receiver: Awaited<ReturnType<typeof aReceiver>>
  const said: string[] = []
  const begun = () => runningApp({ home, env: { GATEHOUSE_ALERTS__EVERY_SECONDS: '1', GATEHOUSE_LOG_LEVEL: 'trace' } })
  const parsed = async (running: Promise<CommandResult>) => {
    const { out, err, code } = await running
    said.push(out, err)
    expect([code, code === 0 ? '' : err]).toEqual([0, ''])
    return JSON.parse(out)
  }
  const done = (...args: string[]) => parsed(app.operator('--json', ...args))
  const seen = (...args: string[]) => parsed(app.cli('--json', ...args))
  const setChannel = async (name: string, secret: string, ...options: string[]) => {
    const cli = join(import.meta.dirname, '..', '..', 'dist', 'cli.js')
    const setting = spawn(process.execPath, [cli, '--home', home, 'alerts', 'channel', 'set', name, ...options], {
      env: { ...process.env, GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase },
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: true,
    })
    setting.stdin.end(secret)
    const [out, err, [code]] = await Promise.all([text(setting.stdout), text(setting.stderr), once(setting, 'close')])
    said.push(out, err)
    return { out, err, code: code as number }
  }
  const latest = async (rule: string) =>
    (await seen('alerts', 'list', '--all')).alerts.find((one: { rule: string }) => one.rule === rule)

  beforeAll(async () => {
    receiver = await aReceiver()
    app = await begun()
    const start = ['--', process.execPath, worker, '--refuse', '--once', obstacle]
    await done('servers', 'add', 'stubborn', '--sandbox', '0', '--shared', '--yes', ...start)
    await done('permissions', 'allow', '--client', 'cli', '--tool', 'stubborn__*')
  }, 60_000)
  afterAll(async () => {
    await app.end()
    receiver.end()
    rmSync(home, { recursive: true, force: true })
  })

  it('lets only the person make a channel, and only to a safe address', async () => {
    const noPassphrase = await app.cli('alerts', 'channel', 'set', 'desktop', '--off')
    expect([noPassphrase.code, noPassphrase.err]).toEqual([1, expect.stringContaining('passphrase')])
    expect((await app.cli('alerts', 'rule', 'set', 'server-down', '--off')).code).toBe(1)
    const plain = await setChannel('team', 'http://example.org/x', '--kind', 'webhook')
    expect([plain.code, plain.err]).toEqual([2, expect.stringContaining('https://')])
    const made = await setChannel('team', receiver.url, '--kind', 'webhook')
    expect([made.code, made.out]).toEqual([0, `team: webhook ${receiver.host}, well\n`])
    expect(await done('alerts', 'test', 'team')).toEqual({ told: true })
    expect(receiver.got).toEqual([
      { path: `/services/${planted}`, text: 'Test: This is a test of the channel “team”.' },
    ])
  })

  it('opens one when a real server goes down, keeps what a failing channel was not told over a restart, and tells it then', async () => {
    await done('alerts', 'rule', 'set', 'server-down', '--tell', 'desktop', '--tell', 'team')
    await done('call', 'stubborn__pid')
    receiver.state.status = 503
    receiver.state.tries = 0
    writeFileSync(obstacle, '')
    await app.operator('call', 'stubborn__crash')
    await expect.poll(async () => (await latest('server-down'))?.state, { timeout: 30_000, interval: 300 }).toBe('open')
    const alert = await latest('server-down')
    expect(alert).toMatchObject({ cause: 'stubborn', severity: 'critical', sentence: '“stubborn” is down.' })
    await expect.poll(() => receiver.state.tries, { timeout: 20_000 }).toBeGreaterThanOrEqual(2)
    const [channel] = (await seen('alerts', 'channels')).channels.filter(
      (one: { channel: { name: string } }) => one.channel.name === 'team',
    )
    expect(channel).toMatchObject({ state: 'failing', untold: 1, problem: `${receiver.host} answered with 503.` })
    await app.end()
    receiver.state.status = 200
    app = await begun()
    await expect.poll(() => receiver.got.at(-1)?.text, { timeout: 30_000 }).toBe('Critical: “stubborn” is down.')
    const { told } = await seen('alerts', 'show', alert.id)
    expect(told).toContainEqual(expect.objectContaining({ channel: 'team', note: 'opened', state: 'sent' }))
    expect((await seen('alerts', 'list')).alerts.map(({ id }: { id: string }) => id)).toEqual([alert.id])
  })

  it('is acknowledged by the person, and resolved by itself once the server is up', async () => {
    const { id } = await latest('server-down')
    expect((await app.cli('alerts', 'acknowledge', id)).code).toBe(1)
    expect(await done('alerts', 'acknowledge', id)).toMatchObject({ state: 'acknowledged' })
    rmSync(obstacle, { force: true })
    await done('servers', 'enable', 'stubborn')
    await expect
      .poll(async () => (await latest('server-down')).state, { timeout: 20_000, interval: 300 })
      .toBe('resolved')
    expect(await latest('server-down')).toMatchObject({
      id,
      resolvedBy: 'itself',
      sentence: '“stubborn” is down. It is over.',
    })
    await expect
      .poll(() => receiver.got.at(-1)?.text, { timeout: 20_000 })
      .toBe('Resolved: “stubborn” is down. It is over.')
  })

  it('watches what the person says: failing calls of one server, and a limit', async () => {
    await done(
      'alerts',
      'rule',
      'add',
      'any-call',
      '--metric',
      'mcp_operations_total',
      '--by',
      'server',
      '--aggregation',
      'sum',
      '--when',
      '>=1',
      '--over',
      '5m',
      '--severity',
      'info',
    )
    await done('limits', 'set', 'client', 'cli', '--calls', '2/hour')
    await done('call', 'stubborn__pid')
    await done('call', 'stubborn__pid')
    await expect
      .poll(async () => (await latest('any-call'))?.cause, { timeout: 20_000, interval: 300 })
      .toBe('stubborn')
    await expect.poll(async () => (await latest('quota-used'))?.state, { timeout: 20_000, interval: 300 }).toBe('open')
    const quota = await latest('quota-used')
    expect(quota.sentence).toBe('A limit is used to 100 %: client cli, calls/hour.')
    await done('limits', 'remove', 'client', 'cli', '--measure', 'calls', '--per', 'hour')
    await expect
      .poll(async () => (await latest('quota-used')).state, { timeout: 20_000, interval: 300 })
      .toBe('resolved')
    await done('alerts', 'rule', 'remove', 'any-call')
    expect(await latest('any-call')).toMatchObject({ state: 'resolved', resolvedBy: 'rule' })
    const rules = (await seen('alerts', 'rules')).rules as { name: string; sentence: string; enabled: boolean }[]
    expect(rules.every(({ enabled }) => enabled)).toBe(true)
    expect(rules.find(({ name }) => name === 'error-rate')?.sentence).toBe(
      'The average of calls that fail, of each server, over 5 minutes is more than 10 %.',
    )
  })

  it('records every alert and every change of rule and channel, by kind and without values', async () => {
    const { entries } = await seen('audit', 'list', '--limit', '500')
    const actions = new Set(entries.map(({ action }: { action: string }) => action))
    for (const action of [
      'opened',
      'acknowledged',
      'resolved',
      'rule-set',
      'rule-removed',
      'channel-set',
      'channel-tested',
    ])
      expect([...actions]).toContain(`alert.${action}`)
    expect(await seen('audit', 'verify')).toMatchObject({ valid: true })
  })

  it('leaves the address with the token nowhere: not in the database, the audit log, the log, nor on the screen', async () => {
    await app.end()
    const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    expect(files.length).toBeGreaterThan(5)
    for (const file of files) {
      const path = join(file.parentPath, file.name)
      expect([path, readFileSync(path).includes(planted)]).toEqual([path, false])
    }
    expect(said.join('\n')).not.toContain(planted)
    app = await begun()
    await setChannel('desktop', '', '--off')
    const removed = await app.operator('alerts', 'channel', 'remove', 'team')
    expect(removed.code).toBe(0)
    expect((await seen('secrets', 'list')).secrets).toEqual([])
  })
})
