import { once } from 'node:events'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import {
  type BrowserShell,
  type BrowserShellParts,
  startBrowserShell,
} from '../../../main/shells/browser/browser-shell.ts'
import { aQuestion, aShellWorld, passphrase } from '../shell-world.ts'

let rendererDir: string
const closing: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  rendererDir = await mkdtemp(join(tmpdir(), 'gatehouse-renderer-'))
  await writeFile(join(rendererDir, 'index.html'), '<!doctype html><title>Gatehouse</title>')
})
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
  await rm(rendererDir, { recursive: true, force: true })
})

async function aShell(options: Partial<BrowserShellParts> & { operatorSet?: boolean } = {}) {
  const { operatorSet = true, ...parts } = options
  const world = aShellWorld({ operatorSet })
  const clock = { nowMs: 1_000_000 }
  const logged: unknown[] = []
  const shell = await startBrowserShell({
    port: 0,
    handlers: world.handlers,
    events: world.events,
    rendererDir,
    operator: world.operator,
    starterProved: true,
    log: { error: (fields) => logged.push(fields) },
    nowMs: () => clock.nowMs,
    ...parts,
  })
  closing.push(() => shell.close())
  return { ...world, shell, clock, logged }
}

const post = (shell: BrowserShell, path: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(new URL(path, shell.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const tokenOf = (shell: BrowserShell) => new URL(shell.loginUrl).hash.slice(1)

async function signIn(shell: BrowserShell) {
  const response = await post(shell, '/api/login', { token: tokenOf(shell) })
  expect(response.status).toBe(200)
  const { windowKey } = (await response.json()) as { windowKey: string }
  const setCookie = response.headers.get('set-cookie') ?? ''
  return { windowKey, setCookie, cookie: setCookie.split(';')[0] ?? '' }
}

interface SocketOptions {
  cookie?: string
  windowKey?: string
  origin?: string | undefined
  host?: string
}
function openSocket(shell: BrowserShell, options: SocketOptions): WebSocket {
  const url = new URL('/api/socket', shell.url)
  url.protocol = 'ws:'
  const headers: Record<string, string> = {}
  if (options.cookie) headers.cookie = options.cookie
  if (options.host) headers.host = options.host
  const origin = 'origin' in options ? options.origin : shell.httpUrl
  return new WebSocket(url, ['gatehouse', options.windowKey ?? 'none'], { headers, ...(origin ? { origin } : {}) })
}
const refusalOf = (socket: WebSocket) =>
  new Promise<string>((resolve) => {
    socket.on('open', () => resolve('open'))
    socket.on('unexpected-response', (_, response) => {
      resolve(String(response.statusCode))
      socket.on('error', () => undefined)
      socket.terminate()
    })
  })

async function aWindow(shell: BrowserShell) {
  const session = await signIn(shell)
  const socket = openSocket(shell, session)
  await once(socket, 'open')
  closing.unshift(async () => socket.terminate())
  let lastId = 0
  const ask = async (
    channel: string,
    input?: unknown,
  ): Promise<{ ok: boolean; value?: unknown; error?: { code: string } }> => {
    const id = ++lastId
    const answered = new Promise<string>((resolve) => {
      const listen = (data: Buffer) => {
        if (JSON.parse(String(data)).id !== id) return
        socket.off('message', listen)
        resolve(String(data))
      }
      socket.on('message', listen)
    })
    socket.send(JSON.stringify({ id, channel, input }))
    const { id: _, ...answer } = JSON.parse(await answered)
    return answer
  }
  const confirm = (given: string) => post(shell, '/api/confirm', { passphrase: given }, { cookie: session.cookie })
  return { ...session, socket, ask, confirm }
}

/** A request with any Host, which fetch does not allow. */
function rawStatus(shell: BrowserShell, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(new URL(path, shell.url), { headers }, (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
    })
    asked.on('error', reject)
    asked.end()
  })
}

it('lets a browser keep built files, whose names carry their contents, and nothing else', async () => {
  await mkdir(join(rendererDir, 'assets'))
  await writeFile(join(rendererDir, 'assets', 'index-abc.js'), 'export {}')
  const { shell } = await aShell()
  const kept = async (path: string) => (await fetch(new URL(path, shell.url))).headers.get('cache-control')
  expect(await kept('/assets/index-abc.js')).toBe('public, max-age=31536000, immutable')
  expect([await kept('/'), await kept('/index.html'), await kept('/assets/none.js')]).toEqual([
    'no-store',
    'no-store',
    null,
  ])
})

describe('the browser shell', () => {
  it('serves the renderer with a policy that lets nothing but its own files run', async () => {
    const { shell } = await aShell()
    const response = await fetch(shell.url)
    expect(response.status).toBe(200)
    const policy = response.headers.get('content-security-policy') ?? ''
    expect(policy).not.toContain('unsafe')
    for (const part of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "form-action 'none'"])
      expect(policy).toContain(part)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin')
    expect(response.headers.get('server')).toBeNull()
  })

  it('keeps the token out of its plain address and out of what a request carries', async () => {
    const { shell } = await aShell()
    expect(shell.url).not.toContain(tokenOf(shell))
    expect(new URL(shell.loginUrl).search).toBe('')
    expect(Buffer.from(tokenOf(shell), 'base64url')).toHaveLength(32)
  })

  it('signs in once with a link, sets a strict cookie, and knows the session afterwards', async () => {
    const { shell } = await aShell()
    const { setCookie, cookie } = await signIn(shell)
    expect(setCookie).toMatch(/HttpOnly/)
    expect(setCookie).toMatch(/SameSite=Strict/)
    expect(setCookie).toMatch(/Path=\//)
    const session = await fetch(new URL('/api/session', shell.url), { headers: { cookie } })
    expect(await session.json()).toEqual({ authenticated: true, locked: false })
    const again = await post(shell, '/api/login', { token: tokenOf(shell) })
    expect(again.status).toBe(403)
    expect(await again.json()).toMatchObject({ error: { code: 'browser.login' } })
  })

  it('refuses a link older than ten minutes', async () => {
    const { shell, clock } = await aShell()
    clock.nowMs += 10 * 60_000 + 1
    expect((await post(shell, '/api/login', { token: tokenOf(shell) })).status).toBe(403)
  })

  it.each([
    ['no cookie', { cookie: '' }],
    ['a made-up cookie', { cookie: 'gatehouse_session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
    ['the cookie but not the window key, as another local port would have it', { windowKey: 'stolen' }],
    ['a foreign origin', { origin: 'http://evil.example' }],
    ['the origin of another local port', { origin: 'http://127.0.0.1:1' }],
    ['no origin', { origin: undefined }],
    ['a foreign host', { host: 'evil.example' }],
    ['localhost for a host', { host: 'localhost' }],
  ])('refuses a socket with %s', async (_, wrong) => {
    const { shell } = await aShell()
    const session = await signIn(shell)
    expect(await refusalOf(openSocket(shell, { ...session, ...wrong }))).toBe('403')
    expect(shell.connectedWindows()).toBe(0)
  })

  it('refuses requests made for another host or by another site', async () => {
    const { shell } = await aShell()
    expect(await rawStatus(shell, '/', { host: 'evil.example' })).toBe(403)
    expect(await rawStatus(shell, '/mcp', { host: `localhost.evil.example` })).toBe(403)
    expect(await rawStatus(shell, '/', { origin: 'http://evil.example' })).toBe(403)
    const crossSite = await post(shell, '/api/login', { token: tokenOf(shell) }, { 'sec-fetch-site': 'same-site' })
    expect(crossSite.status).toBe(403)
    expect((await post(shell, '/api/login', { token: tokenOf(shell) })).status).toBe(200)
  })

  it('answers calls over the socket, to a parsed input', async () => {
    const { shell, seen } = await aShell()
    const window = await aWindow(shell)
    expect(shell.connectedWindows()).toBe(1)
    expect(await window.ask('system.status')).toMatchObject({ ok: true, value: { ready: true } })
    expect(seen.at(-1)).toMatchObject({ channel: 'system.status', caller: { carrier: 'browser' } })
    expect(await window.ask('approvals.decide', { id: '' })).toMatchObject({
      ok: false,
      error: { code: 'input.invalid' },
    })
  })

  it('tells every window what happens, without fields the contract does not name', async () => {
    const { shell, events } = await aShell()
    const window = await aWindow(shell)
    const told = once(window.socket, 'message')
    events.emit('approvals.asked', { ...aQuestion('ap_1', 'call'), secret: 'x' } as never)
    const [data] = await told
    const message = JSON.parse(String(data))
    expect(message.event).toBe('approvals.asked')
    expect(message.payload.id).toBe('ap_1')
    expect(message.payload.secret).toBeUndefined()
  })

  it('allows once with the session, and asks for the passphrase before anything that widens', async () => {
    const { shell, seen } = await aShell()
    const window = await aWindow(shell)
    const decide = (input: object) => window.ask('approvals.decide', input)
    expect(await decide({ id: 'ap_call', decision: 'allow' })).toMatchObject({ ok: true })
    expect(await decide({ id: 'ap_call', decision: 'deny', scope: 'tool' })).toMatchObject({ ok: true })
    for (const widening of [
      { id: 'ap_call', decision: 'allow', scope: 'tool' },
      { id: 'ap_pair', decision: 'allow' },
      { id: 'ap_unknown', decision: 'allow' },
    ])
      expect(await decide(widening)).toMatchObject({ ok: false, error: { code: 'operator.required' } })
    const reached = seen.filter((call) => call.channel === 'permissions.allow').length
    expect(await window.ask('permissions.allow', { tool: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
    expect(seen.filter((call) => call.channel === 'permissions.allow')).toHaveLength(reached)
    expect(await window.ask('permissions.deny', { tool: 'x' })).toMatchObject({ ok: true })
  })

  it('widens for fifteen minutes after the passphrase', async () => {
    const { shell, clock } = await aShell()
    const window = await aWindow(shell)
    expect((await window.confirm('wrong')).status).toBe(403)
    expect(await window.ask('permissions.allow', { tool: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
    expect((await window.confirm(passphrase)).status).toBe(200)
    clock.nowMs += 15 * 60_000 - 1
    expect(await window.ask('permissions.allow', { tool: 'x' })).toMatchObject({ ok: true })
    clock.nowMs += 1
    expect(await window.ask('permissions.allow', { tool: 'x' })).toMatchObject({ error: { code: 'operator.required' } })
  })

  it('throttles guesses of the passphrase', async () => {
    const { shell, operator } = await aShell()
    const { cookie } = await signIn(shell)
    const guesses = await Promise.all(
      Array.from({ length: 30 }, () => post(shell, '/api/confirm', { passphrase: 'guess' }, { cookie })),
    )
    expect(guesses.filter((answer) => answer.status === 429)).toHaveLength(25)
    expect(operator.tried).toBe(5)
  })

  it('leaves a session locked when whoever started the app did not prove the passphrase', async () => {
    const { shell } = await aShell({ starterProved: false })
    const session = await signIn(shell)
    expect(await refusalOf(openSocket(shell, session))).toBe('403')
    const asked = () => fetch(new URL('/api/session', shell.url), { headers: { cookie: session.cookie } })
    expect(await (await asked()).json()).toEqual({ authenticated: true, locked: true })
    await post(shell, '/api/confirm', { passphrase }, { cookie: session.cookie })
    expect(await (await asked()).json()).toEqual({ authenticated: true, locked: false })
    expect(await refusalOf(openSocket(shell, session))).toBe('open')
  })

  it('signs in with the passphrase when no link is left', async () => {
    const { shell } = await aShell({ starterProved: false })
    expect((await post(shell, '/api/login', { passphrase: 'wrong' })).status).toBe(403)
    const response = await post(shell, '/api/login', { passphrase })
    expect(await response.json()).toMatchObject({ authenticated: true, locked: false })
  })

  it('lets the first passphrase be set with the session alone, and counts it as proved', async () => {
    const { shell, operator } = await aShell({ operatorSet: false, starterProved: false })
    const window = await aWindow(shell)
    expect(await window.ask('permissions.allow', { tool: 'x' })).toMatchObject({ error: { code: 'operator.unset' } })
    expect(await window.ask('system.setOperator', { passphrase })).toMatchObject({ ok: true })
    operator.set = true
    expect(await window.ask('permissions.allow', { tool: 'x' })).toMatchObject({ ok: true })
    expect(await window.ask('system.setOperator', { passphrase: 'another one' })).toMatchObject({
      error: { code: 'operator.required' },
    })
  })

  it('takes confirmations as JSON only, so that no form of another page can make one', async () => {
    const { shell } = await aShell()
    const { cookie } = await signIn(shell)
    const form = await fetch(new URL('/api/confirm', shell.url), {
      method: 'POST',
      headers: { cookie, 'content-type': 'text/plain' },
      body: JSON.stringify({ passphrase }),
    })
    expect(form.status).toBe(415)
    expect(JSON.stringify(await form.json())).not.toMatch(/at .*\.(ts|js)/)
  })

  it('names the port and the option when the port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    closing.push(async () => other.close())
    const { port } = other.address() as AddressInfo
    await expect(aShell({ port })).rejects.toMatchObject({ code: 'browser.port', params: { port: String(port) } })
  })

  it('answers nothing outside its folder and shows no stack', async () => {
    const { shell } = await aShell()
    await writeFile(join(rendererDir, '..', 'gatehouse-outside.txt'), 'outside')
    closing.push(() => rm(join(rendererDir, '..', 'gatehouse-outside.txt'), { force: true }))
    expect(await rawStatus(shell, '/../gatehouse-outside.txt', {})).not.toBe(200)
    expect(await rawStatus(shell, '/%2e%2e/gatehouse-outside.txt', {})).not.toBe(200)
    const missing = await fetch(new URL('/nothing', shell.url))
    expect(missing.status).toBe(404)
    expect(await missing.text()).toBe('Not found')
  })

  it('serves the MCP routes it is given, under 127.0.0.1 and localhost', async () => {
    const { shell } = await aShell({
      registerMcp: (http) => {
        http.post('/mcp', async () => ({ mcp: true }))
      },
    })
    expect(await (await post(shell, '/mcp', {})).json()).toEqual({ mcp: true })
    const byName = shell.httpUrl.replace('127.0.0.1', 'localhost')
    expect((await post(shell, '/mcp', {}, { origin: byName })).status).toBe(200)
    expect((await post(shell, '/mcp', {}, { origin: 'http://evil.example' })).status).toBe(403)
  })

  it('closes a window that sends what is not a request', async () => {
    const { shell } = await aShell()
    const window = await aWindow(shell)
    window.socket.send('not json')
    const [code] = await once(window.socket, 'close')
    expect(code).toBe(1007)
  })
})
