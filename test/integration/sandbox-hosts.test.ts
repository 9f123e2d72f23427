import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

const refusedByProxy = /^answered 403$/
const script = join(root, 'test', 'support', 'reaching-server', 'reaching-server.js')

interface Refused {
  readonly server: string
  readonly host: string
  readonly port?: number
  readonly offered: boolean
  readonly why?: string
}

describe.runIf(process.platform === 'linux')('a host a server was refused', () => {
  let app: GatehouseApp
  let editor: RawBridge
  let service: ChildProcess
  let port = 0

  beforeAll(async () => {
    const code = `require('net').createServer((c)=>c.end('a service')).listen(0,'127.0.0.1',function(){console.log(this.address().port)})`
    service = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [line] = await once(service.stdout as NonNullable<typeof service.stdout>, 'data')
    port = Number(String(line))
    app = await GatehouseApp.start()
    await add('reaching')
    editor = await app.client('editor')
  })
  afterAll(async () => {
    service.kill()
    await app?.end()
  })

  const add = (name: string, ...options: string[]) =>
    app.ask('servers', 'add', name, '--yes', '--trust', '--sandbox', '2', ...options, '--', process.execPath, script)
  const fetched = async (url: string) => said(await editor.call('reaching__fetch', { url }))
  const started = async () =>
    (
      (await editor.call('reaching__fetch', { url: 'http://never.example.com/' })).result as {
        structuredContent?: object
      }
    ).structuredContent
  const refused = async () =>
    (await app.ask('hosts', 'list', 'reaching')) as unknown as { hosts: Refused[]; more: number }

  it('is a question, in the list of hosts and beside the server', async () => {
    expect(await fetched('http://refused.example.com/')).toMatch(refusedByProxy)
    const question = { server: 'reaching', host: 'refused.example.com', port: 80, offered: true }
    expect((await refused()).hosts).toMatchObject([question])
    expect(await app.ask('servers', 'inspect', 'reaching')).toMatchObject({ refusedHosts: [question] })
    expect((await app.cli('servers', 'inspect', 'reaching')).out).toContain(
      'Allow it with: gatehouse hosts allow reaching refused.example.com:80',
    )
  })

  it('is allowed by the person only, without a restart of the server', async () => {
    const before = await started()
    const alone = await app.cli('hosts', 'allow', 'reaching', 'refused.example.com:80')
    expect([alone.code, alone.err]).toEqual([1, expect.stringMatching(/passphrase/)])
    expect(await app.ask('hosts', 'allow', 'reaching', 'refused.example.com:80')).toMatchObject({ restarts: false })
    expect(await fetched('http://refused.example.com/')).not.toMatch(refusedByProxy)
    expect(await fetched('http://other.example.com/')).toMatch(refusedByProxy)
    expect(await started()).toMatchObject({ started: (before as { started: number }).started })
    expect((await refused()).hosts.map(({ host }) => host)).not.toContain('refused.example.com')
    const { entries } = (await app.ask('audit', 'list')) as { entries: { action: string }[] }
    expect(entries.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['server.host-allow', 'server.host-refused']),
    )
  })

  it('is never offered on this computer or in the local network, nor what was not refused', async () => {
    for (const host of ['printer.lan', 'metadata.google.internal', '169.254.169.254.nip.lan'])
      await fetched(`http://${host}/`)
    const local = (await refused()).hosts.filter(({ host }) => host.endsWith('lan') || host.endsWith('internal'))
    expect(local.map(({ offered }) => offered)).toEqual([false, false, false])
    for (const place of ['printer.lan:80', 'unasked.example.com:443'])
      expect((await app.operator('hosts', 'allow', 'reaching', place)).code).toBeGreaterThan(0)
  })

  it('is not asked about again once the person said never', async () => {
    await fetched('http://never.example.com/')
    await app.ask('hosts', 'never', 'reaching', 'never.example.com')
    expect(await fetched('http://never.example.com/')).toMatch(refusedByProxy)
    await app.ask('servers', 'restart', 'reaching')
    expect(await fetched('http://never.example.com/')).toMatch(refusedByProxy)
    const { hosts, never } = (await refused()) as unknown as { hosts: Refused[]; never: unknown }
    expect(hosts.map(({ host }) => host)).not.toContain('never.example.com')
    expect(never).toEqual([{ server: 'reaching', host: 'never.example.com' }])
  })

  it('is one of ten at most, however many a server tries', async () => {
    for (let n = 0; n < 14; n++) await fetched(`http://n${n}.example.com/`)
    const { hosts, more } = await refused()
    expect(hosts).toHaveLength(10)
    expect(more).toBeGreaterThan(3)
  })

  it('is reached by raw TCP where the person allowed its port, in another server only', async () => {
    await add('dialling', '--allow-host', `127.0.0.1:${port}`)
    expect(said(await editor.call('dialling__dial', { host: '127.0.0.1', port }))).toBe('heard a service')
    expect(said(await editor.call('reaching__dial', { host: '127.0.0.1', port }))).toBe('ECONNREFUSED')
  })

  it('is never Gatehouse’s own port, although the person allowed it', async () => {
    const own = Number(new URL(app.endpoint.httpUrl).port)
    await add('nosy', '--allow-host', `localhost:${own}`)
    for (const host of ['localhost', '127.0.0.1', '::1'])
      expect(said(await editor.call('nosy__dial', { host, port: own }))).toBe('ECONNREFUSED')
  })
})
