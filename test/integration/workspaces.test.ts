import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { contract } from '../../shared/contract/contract.ts'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import type { RawBridge, RawMessage } from '../support/raw-bridge.ts'

/** Two workspaces, an app and a real server in each. */
let app: GatehouseApp
let home: RawBridge
let work: RawBridge

beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.ask('workspaces', 'add', 'work')
  await app.addRecorder('notes')
  await app.addRecorder('ledger', '--workspace', 'work')
  home = await app.client('home-app')
  await app.ask('clients', 'pair', 'work-app', '--workspace', 'work')
  work = await app.bridge('work-app').introduce()
}, 120_000)
afterAll(() => app.end())

const names = async (from: RawBridge) => {
  const { result } = await from.request('tools/list')
  return ((result?.tools ?? []) as { name: string }[]).map(({ name }) => name)
}
const entries = async (...filter: string[]) =>
  (await app.ask('audit', 'list', '--limit', '200', ...filter)).entries as {
    severity: string
    client?: string
    workspace?: string
    tool?: string
    summary: string
  }[]
const textOf = (message: RawMessage) => JSON.stringify(message.error ?? message.result)

describe('an app of one workspace', () => {
  it('sees its own tools and Gatehouse’s, and none of another workspace', async () => {
    expect(await names(home)).toContain('notes__act')
    expect((await names(home)).filter((name) => name.startsWith('ledger'))).toEqual([])
    expect(await names(work)).toContain('ledger__act')
    expect((await names(work)).filter((name) => name.startsWith('notes'))).toEqual([])
  })

  it('can neither call nor carry a call to another’s tool, and is told no more than of one that is not there', async () => {
    await app.ask('permissions', 'allow', '--tool', '*')
    const crossed = await home.call('ledger__act', { what: 'steal' })
    const carried = await home.call('gatehouse__call_tool', { name: 'ledger__act', arguments: { what: 'steal' } })
    const unknown = await home.call('nowhere__act', { what: 'steal' })
    const plain = (message: RawMessage) => textOf(message).replaceAll('ledger', 'nowhere')
    expect(plain(crossed)).toBe(plain(unknown))
    expect(textOf(carried)).toContain('catalog.unknown')
    expect(app.reached('ledger')).toEqual([])
    await work.call('ledger__act', { what: 'own' })
    expect(app.reached('ledger')).toEqual([{ name: 'act', args: { what: 'own' } }])
  })

  it('reads, subscribes to, completes and finds nothing of another', async () => {
    for (const answer of [
      await home.request('resources/read', { uri: 'gatehouse-resource://ledger/anything' }),
      await home.request('resources/subscribe', { uri: 'gatehouse-resource://ledger/anything' }),
      await home.request('prompts/get', { name: 'ledger__prompt' }),
      await home.request('completion/complete', {
        ref: { type: 'ref/prompt', name: 'ledger__prompt' },
        argument: { name: 'a', value: 'b' },
      }),
    ])
      expect(answer.error, JSON.stringify(answer)).toBeDefined()
    for (const [tool, args] of [
      ['gatehouse__find_tools', { query: 'act' }],
      ['gatehouse__capabilities', {}],
      ['gatehouse__explain_refusal', {}],
      ['gatehouse__explain_refusal', { tool: 'ledger__act' }],
    ] as const) {
      const answer = textOf(await home.call(tool, args))
      if (!('tool' in args)) expect(answer, tool).not.toContain('ledger__act')
      else expect(answer).not.toContain('may be used')
    }
    expect(app.reached('ledger').filter(({ args }) => args?.what !== 'own')).toEqual([])
  })

  it('reaches nothing of another by any verb of the window, whichever door it knocks at', async () => {
    const verbs = Object.entries(contract).flatMap(([area, routes]) =>
      Object.keys(routes).map((name) => `${area}.${name}`),
    )
    expect(verbs.length).toBeGreaterThan(150)
    for (const verb of verbs) {
      const asked = await home.request(verb, { workspace: 'work', name: 'ledger', server: 'ledger' })
      expect([verb, asked.error?.code, asked.result]).toEqual([verb, -32601, undefined])
    }
    for (const verb of verbs.filter((one) => one.startsWith('workspaces.')))
      expect(textOf(await home.call(verb, { name: 'ledger', workspace: 'work' })), verb).toContain('catalog.unknown')
    expect(app.reached('ledger').filter(({ args }) => args?.what !== 'own')).toEqual([])
  })

  it('learns nothing of another by any route of scripts, and does nothing there', async () => {
    const { httpUrl } = app.endpoint
    const keys = {
      home: String((await app.ask('clients', 'token', 'home-app')).token),
      work: String((await app.ask('clients', 'token', 'work-app')).token),
    }
    const ask = async (key: string, path: string, body?: object) => {
      const answer = await fetch(`${httpUrl}${path}`, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      })
      return { status: answer.status, text: await answer.text() }
    }
    const routes = [
      'servers',
      'tools',
      'resources',
      'resource-templates',
      'prompts',
      'health',
      'metrics',
      'metrics?format=json',
    ]
    for (const route of routes) {
      const [mine, theirs] = [await ask(keys.home, `/api/v1/${route}`), await ask(keys.work, `/api/v1/${route}`)]
      expect([route, mine.status, theirs.status]).toEqual([route, 200, 200])
      expect(mine.text, route).not.toMatch(/ledger|work-app/)
      expect(theirs.text, route).not.toMatch(/notes|home-app/)
    }
    for (const path of ['tools/ledger__act', 'prompts/ledger__act', 'resources/read']) {
      const uri = { uri: 'gatehouse-resource://ledger/anything' }
      const crossed = await ask(keys.home, `/api/v1/${path}`, { arguments: { what: 'steal' }, ...uri })
      const unknown = await ask(keys.home, `/api/v1/${path.replace('ledger', 'nowhere')}`, {
        arguments: { what: 'steal' },
        uri: uri.uri.replace('ledger', 'nowhere'),
      })
      expect(crossed.status, path).toBeGreaterThanOrEqual(400)
      expect([crossed.status, crossed.text.replaceAll('ledger', 'nowhere')]).toEqual([unknown.status, unknown.text])
    }
    for (const path of ['/api/socket', '/api/confirm', '/api/login', '/api/session'])
      expect((await ask(keys.home, path, { workspace: 'work' })).status, path).toBeGreaterThanOrEqual(400)
    expect(app.reached('ledger').filter(({ args }) => args?.what !== 'own')).toEqual([])
  })

  it('leaves a critical entry for each reach, and its own log only names its own', async () => {
    const crossings = (await entries()).filter(({ summary }) => summary.includes('belongs to another workspace'))
    expect(crossings.length).toBeGreaterThanOrEqual(4)
    expect(new Set(crossings.map(({ severity, client }) => `${severity} ${client}`))).toEqual(
      new Set(['critical home-app']),
    )
    const ofWork = await entries('--workspace', 'work')
    expect(ofWork.some(({ client }) => client === 'work-app')).toBe(true)
    expect(ofWork.filter(({ client }) => client === 'home-app')).toEqual([])
  })

  it('cannot come in under another workspace than it was paired into', async () => {
    const intruder = app.bridge('home-app', '--workspace', 'work')
    const answer = await intruder.request('initialize', {
      protocolVersion: '2025-11-25',
      capabilities: {},
      clientInfo: { name: 'home-app', version: '1' },
    })
    expect(textOf(answer)).toContain('personal')
    const crossed = (await entries()).find(({ summary }) => summary.includes('wanted into the workspace “work”'))
    expect(crossed).toMatchObject({ severity: 'critical', client: 'home-app' })
    await intruder.kill()
  })

  it('is not helped by a rule for every app: what is allowed holds within a workspace’s own servers', async () => {
    const before = app.reached('ledger').length
    await home.call('ledger__act', { what: 'allowed by a rule for all' })
    expect(app.reached('ledger')).toHaveLength(before)
  })
})

describe('a workspace', () => {
  it('that holds something cannot be removed, nor the first one', async () => {
    expect((await app.operator('workspaces', 'remove', 'work')).err).toContain('still holds ledger, work-app')
    expect((await app.operator('workspaces', 'remove', 'personal')).err).toContain('cannot be removed')
  })

  it('that is not there takes no app and no server', async () => {
    expect((await app.operator('clients', 'pair', 'lost', '--workspace', 'nowhere')).err).toContain(
      'no workspace “nowhere”',
    )
    expect((await app.operator('workspaces', 'move', 'notes', 'nowhere')).err).toContain('no workspace “nowhere”')
  })

  it('gains and loses a server when it is moved: who saw it no longer does', async () => {
    await app.ask('workspaces', 'move', 'notes', 'work')
    expect((await names(home)).filter((name) => name.startsWith('notes'))).toEqual([])
    expect(await names(work)).toContain('notes__act')
    const before = app.reached('notes').length
    await home.call('notes__act', { what: 'late' })
    expect(app.reached('notes')).toHaveLength(before)
    await app.ask('workspaces', 'move', 'notes', 'personal')
    expect(await names(home)).toContain('notes__act')
  })

  it('that is empty can be removed', async () => {
    await app.ask('workspaces', 'add', 'spare')
    await app.ask('workspaces', 'remove', 'spare')
    const { workspaces } = (await app.ask('workspaces', 'list')) as { workspaces: { name: string }[] }
    expect(workspaces.map(({ name }) => name)).toEqual(['personal', 'work'])
  })
})
