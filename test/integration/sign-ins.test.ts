import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type OpenWindow, openWindow } from '../support/open-window.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'
import { readIfThere } from '../support/read-if-there.ts'
import { operatorPassphrase } from '../support/running-app.ts'
import { SignInService, type Twist } from '../support/sign-in-service.ts'

const clientSecret = 'planted-client-secret'

let app: GatehouseApp
let service: SignInService
let editor: RawBridge
let window: OpenWindow
/** Every token the service ever gave out, and the client secret. */
const planted = new Set([clientSecret])
/** Everything that was said to anyone. */
const heard: string[] = []

beforeAll(async () => {
  service = await new SignInService().start()
  app = await GatehouseApp.start({ env: { GATEHOUSE_LOG_LEVEL: 'trace' } })
  editor = await app.client('editor')
})
afterAll(async () => {
  window?.close()
  await app?.end()
  await service?.stop()
})

const run = async (...args: string[]) => {
  const done = await app.operator(...args)
  heard.push(done.out, done.err)
  return done
}
const call = async (tool: string) => {
  const answer = await editor.call(`files__${tool}`)
  heard.push(JSON.stringify(answer))
  return said(answer)
}

async function open() {
  window = await openWindow(app)
  await window.confirm(operatorPassphrase)
}

/** Signs in by the window; the browser agrees. */
async function login() {
  const begun = await window.ask('signIns.begin', { server: 'files', clientId: 'me', clientSecret })
  const { id, url } = begun.value as { id: string; url: string }
  const ended = window.ask('signIns.wait', { id })
  await SignInService.browse(url)
  heard.push(JSON.stringify([begun, await ended, await window.ask('signIns.list'), await window.ask('servers.list')]))
  for (const token of service.secrets) planted.add(token)
}

it('keeps a server that waits for a sign-in, and refuses calls with a sentence the model can act on', async () => {
  expect(await run('servers', 'add', 'files', '--url', service.mcpUrl, '--trust', '--yes')).toMatchObject({ code: 0 })
  expect((await run('servers', 'sign-ins')).out).toMatch(/files\s+needed/)
  expect(await call('read')).not.toBe('did read')
  expect(service.at('/authorize')).toEqual([])
})

it('is confirmed by the person: the command line alone begins none', async () => {
  const refused = await app.cli('servers', 'login', 'files', '--no-wait')
  expect(refused.code).not.toBe(0)
  const begun = await run('servers', 'login', 'files', '--no-wait', '--json')
  expect(begun).toMatchObject({ code: 0 })
  const { url, scopes } = JSON.parse(begun.out) as { url: string; scopes: string[] }
  expect([new URL(url).origin, scopes]).toEqual([service.base, ['files:read']])
})

it.each<[string, Twist]>([
  ['answers for another', { back: { iss: 'https://evil.example' } }],
  ['calls itself another', { metadata: (said) => ({ ...said, issuer: 'https://evil.example' }) }],
  [
    'sends the code to another program of this computer',
    { metadata: (said) => ({ ...said, token_endpoint: 'http://127.0.0.1:9/token' }) },
  ],
  ['gives a token that would forge a header', { token: (said) => ({ ...said, access_token: 'a\r\nx-injected: 1' }) }],
])('signs in to no service that %s: nothing is kept, and the server gets no call', async (_, twist) => {
  if (window === undefined) await open()
  const tokens = service.at('/token').length
  service.twist = twist
  const begun = await window.ask('signIns.begin', { server: 'files', clientId: 'me', clientSecret })
  const { id, url } = (begun.value ?? {}) as { id?: string; url?: string }
  if (url !== undefined) {
    const ended = window.ask('signIns.wait', { id })
    await SignInService.browse(url)
    expect((await ended).error).toBeDefined()
  } else expect(begun.error).toBeDefined()
  expect((await run('servers', 'sign-ins')).out).toMatch(/files\s+needed/)
  expect(await call('read')).not.toBe('did read')
  expect(service.at('/token').length - tokens).toBe(twist.token === undefined ? 0 : 1)
  service.twist = {}
})

it('lets calls through once signed in, over a restart and a renewal', async () => {
  service.twist = { expiresIn: 1 } // so that each use renews it
  await login()
  expect(await run('servers', 'review', 'files', '--accept')).toMatchObject({ code: 0 })
  expect(await call('read')).toBe('did read')
  service.twist = {}
  await app.endBridges()
  await app.restart()
  editor = await app.bridge('editor').introduce()
  await open()
  expect(await call('read')).toBe('did read')
  for (const token of service.secrets) planted.add(token)
  expect((await run('servers', 'sign-ins')).out).toMatch(/files\s+signed in/)
})

it('tells the model to stop when the service took it back', async () => {
  service.forgetEverything()
  expect(await call('read')).toContain('ask the user to sign in to files in Gatehouse')
  expect(await call('read')).toContain('ask the user to sign in to files in Gatehouse')
  heard.push(JSON.stringify(await run('servers', 'inspect', 'files', '--json')))
})

it('is ended at the service by a logout, and with the server', async () => {
  await login()
  expect((await run('servers', 'logout', 'files')).out).toContain('its service confirmed it')
  expect(service.secrets).toEqual([])
  await login()
  expect(await run('servers', 'remove', 'files')).toMatchObject({ code: 0 })
  expect(service.secrets).toEqual([])
  heard.push((await run('secrets', 'list', '--json')).out)
  expect(heard.at(-1)).not.toContain('oauth')
})

it('needs no person where one said how it signs in by itself', async () => {
  service.vouched = ({ grant_type }, authorization) =>
    grant_type === 'client_credentials' && authorization === `Basic ${btoa(`me:${clientSecret}`)}`
  const where = ['--url', service.mcpUrl, '--sign-in', 'client-secret', '--sign-in-at', service.base]
  expect(await run('servers', 'add', 'robot', ...where, '--trust', '--yes')).toMatchObject({ code: 2 })
  const added = await run('servers', 'add', 'robot', ...where, '--sign-in-as', 'me', '--trust', '--yes')
  expect([added.code, added.out]).toEqual([0, expect.stringContaining('gatehouse secrets set robot SIGN_IN_SECRET')])
  await window.ask('secrets.set', { server: 'robot', name: 'SIGN_IN_SECRET', value: clientSecret })
  expect(await run('servers', 'enable', 'robot')).toMatchObject({ code: 0 })
  expect(await run('servers', 'review', 'robot', '--accept')).toMatchObject({ code: 0 })
  const answer = await editor.call('robot__read')
  heard.push(JSON.stringify(answer), (await run('servers', 'inspect', 'robot', '--json')).out)
  expect(said(answer)).toBe('did read')
  for (const token of service.secrets) planted.add(token)
  expect((await run('servers', 'sign-ins')).out).toMatch(/robot\s+signed in/)
  const changed = await run('servers', 'set', 'robot', '--sign-in', 'person', '--yes')
  expect([changed.code, changed.err]).toEqual([0, expect.stringContaining('→ you, when it asks')])
  expect((await run('servers', 'sign-ins')).out).not.toMatch(/robot\s+signed in/)
})

it('left no token and no client secret in a file, a log, the audit or anything said', async () => {
  await run('audit', 'list', '--json')
  await app.stop()
  expect(planted.size).toBeGreaterThan(6)
  const said = [...heard, app.stdout, app.stderr]
  for (const file of filesIn(app.home)) said.push(readIfThere(file).toString('latin1'))
  expect(said.join('').length).toBeGreaterThan(10_000)
  const leaked = [...planted].filter((secret) => said.some((text) => text.includes(secret)))
  expect(leaked).toEqual([])
})

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}
