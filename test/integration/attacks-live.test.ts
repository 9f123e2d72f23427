import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { GatehouseApp, launch } from '../support/gatehouse-app.ts'
import { type RawBridge, type RawMessage, said } from '../support/raw-bridge.ts'
import { runCommand } from '../support/run-command.ts'

/** Code of the same user, such as an AI app's own shell, while a call of its client waits for the person. */
describe('a program of the same user, while a question is open', () => {
  let app: GatehouseApp
  let editor: RawBridge
  let waiting: Promise<RawMessage>
  let id: string

  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('files')
    editor = await app.client('editor')
    waiting = editor.call('files__act', { what: 'delete everything' })
    id = await app.question()
  })
  afterAll(() => app.end())

  /** Nothing reached the server and the question still stands, so that nothing was lost for the person either. */
  async function expectStillAsked(): Promise<void> {
    expect(app.reached('files')).toEqual([])
    expect((await app.pending()).map((question) => question.id)).toEqual([id])
  }

  const verbs = [
    'approvals approve ID',
    'approvals approve ID --remember tool',
    'permissions allow --client editor --tool files__act',
    'servers set files --trust',
    'servers set files --sandbox 0',
    'servers add twin --trust --yes --sandbox 0 -- true',
    'clients pair editor',
    'stop',
  ]
  it('cannot do it by the command line, whatever its environment says', async () => {
    const claims = { GATEHOUSE_SHELL: 'electron', DISPLAY: ':0', GATEHOUSE_OPERATOR_PASSPHRASE: 'guessed passphrase' }
    for (const verb of verbs) {
      const attempt = await runCommand(app.home, verb.replace('ID', id).split(' '))
      expect(attempt.code, verb).toBe(1)
      expect(attempt.err, verb).toContain('operator passphrase')
    }
    const guessed = await runCommand(app.home, ['approvals', 'approve', id], claims)
    expect(guessed).toMatchObject({ code: 1 })
    expect(guessed.err).toContain('passphrase is not right')
    await expectStillAsked()
  })

  it('cannot do it by the control socket, claiming another process id', async () => {
    const socket = createConnection(app.endpoint.socket)
    await once(socket, 'connect')
    socket.write(`{"gatehouse":"control","v":1,"pid":${app.pid}}\n{"opened":true}\n`)
    const decision = { id, decision: 'allow', scope: 'once', count: 1 }
    socket.write(`${JSON.stringify({ id: 1, channel: 'approvals.decide', input: decision })}\n`)
    let answer = ''
    while (!answer.includes('"id":1')) answer += String((await once(socket, 'data'))[0])
    expect(answer).toContain('operator.required')
    socket.destroy()
    await expectStillAsked()
  })

  it('cannot do it over HTTP without the window’s cookie and key', async () => {
    const { httpUrl } = app.endpoint
    const port = new URL(httpUrl).port
    const decide = JSON.stringify({ id, decision: 'allow', scope: 'once', count: 1 })
    const json = { 'content-type': 'application/json' }
    for (const path of ['/api/approvals/decide', '/api/approvals.decide', '/approvals/decide', '/mcp/../api/decide'])
      expect(
        (await fetch(`${httpUrl}${path}`, { method: 'POST', body: decide, headers: json })).status,
      ).toBeGreaterThan(400)
    for (const token of ['', 'x', '0'.repeat(43), 'A'.repeat(64)])
      expect((await post(`${httpUrl}/api/login`, { token })).status).toBe(403)
    const used = new URL(app.loginUrl)
    expect(await (await fetch(`${httpUrl}/api/session`)).json()).toEqual({ authenticated: false })
    expect((await post(`${httpUrl}/api/confirm`, { passphrase: 'guess' })).status).toBe(403)
    expect(used.port).toBe(port)
    expect((await foreign(Number(port), 'evil.example', undefined)).status).toBe(403)
    expect((await foreign(Number(port), `127.0.0.1:${port}`, 'http://evil.example')).status).toBe(403)
    expect((await fetch(`${httpUrl}/mcp`, { method: 'POST', body: '{}', headers: json })).status).toBe(401)
    await expectStillAsked()
  })

  it.each([
    ['without an origin', {}, ['gatehouse', 'x'.repeat(43)]],
    ['with a foreign origin', { origin: 'http://evil.example' }, ['gatehouse', 'x'.repeat(43)]],
    ['with a forged cookie', { cookie: 'gatehouse_session=forged', own: true }, ['gatehouse', 'x'.repeat(43)]],
    ['without a key', { own: true }, ['gatehouse']],
  ])('cannot open the window’s socket %s', async (_, { own, ...headers }: Record<string, unknown>, protocols) => {
    const { httpUrl } = app.endpoint
    const origin = own ? { origin: httpUrl } : {}
    const socket = new WebSocket(`${httpUrl.replace('http', 'ws')}/api/socket`, protocols, {
      headers: { ...origin, ...(headers as Record<string, string>) },
    })
    const [error] = await once(socket, 'error')
    expect(String(error)).toContain('403')
    await expectStillAsked()
  })

  it('cannot attach a debugger to the app', async () => {
    const before = app.stderr.length
    process.kill(app.pid, 'SIGUSR1')
    await app.cli('status')
    await pause(300)
    expect(app.stderr.slice(before)).not.toContain('Debugger listening')
    await expectStillAsked()
  })

  it('cannot start a second app on the folder, which says who has it', async () => {
    const second = await launch(app.home, app.cache, { env: { GATEHOUSE_OPERATOR_PASSPHRASE: 'of my own' } }).outcome
    expect(second).toMatchObject({ code: 1 })
    expect(second.stderr).toContain(`already running with this data folder (process ${app.pid})`)
    await expectStillAsked()
  })

  it('cannot do it by a deep link handed to the app', async () => {
    const link = `gatehouse://approvals/${id}/approve?decision=allow`
    const main = join(import.meta.dirname, '..', '..', 'dist', 'main.js')
    const opened = spawnSync(process.execPath, [main, link, '--no-open', '--home', app.home], { encoding: 'utf8' })
    expect(opened.status).toBe(1)
    expect(opened.stdout).toBe('')
    await expectStillAsked()
  })

  it('cannot take the client’s place with a secret of its own, nor await the question as another client', async () => {
    const stranger = await app.client('stranger')
    const awaited = await stranger.call('gatehouse__await_approval', { id })
    expect(said(awaited)).toContain(`No approval ${id} is known for this app`)
    await stranger.close()
    await expectStillAsked()
  })

  it('can still be answered by the person, once, after all of that', async () => {
    await app.approve(id)
    expect(said(await waiting)).toBe('done')
    expect(app.reached('files')).toEqual([{ name: 'act', args: { what: 'delete everything' } }])
    const swapped = editor.call('files__act', { what: 'delete something else' })
    const next = await app.question()
    expect(next).not.toBe(id)
    await app.ask('approvals', 'deny', next, '--reason', 'not this one')
    expect(said(await swapped)).toContain('not this one')
    expect(app.reached('files')).toHaveLength(1)
    expect(await app.ask('audit', 'verify')).toMatchObject({ valid: true })
  })
})

/** The same by a server itself, from inside its sandbox. */
describe.each([1, 2, 3])('a sandboxed server at level %i', (level) => {
  let app: GatehouseApp
  beforeAll(async () => {
    app = await GatehouseApp.start()
    await app.addRecorder('inside', '--sandbox', String(level), '--trust')
    await app.addRecorder('target')
  })
  afterAll(() => app.end())

  /** With folders and the internet, what it says is private and from outside: it is asked about once a session, for all its tools. */
  async function allowSending(editor: RawBridge, tool: string): Promise<void> {
    const waiting = editor.call(`inside__${tool}`, { options: { host: '127.0.0.1', port: 9 } })
    const id = await app.question((asked) => asked.tool === `inside__${tool}`)
    await app.approve(id, '--remember', 'session')
    await waiting
  }

  it('reaches neither the app’s port, directly or by the proxy, nor its socket, and so approves nothing', async () => {
    const editor = await app.client('editor')
    await editor.call('inside__pid')
    if (level === 1) await allowSending(editor, 'reach')
    const call = editor.call('target__act', {})
    const id = await app.question(({ tool }) => tool === 'target__act')
    const { httpUrl, socket } = app.endpoint
    const port = Number(new URL(httpUrl).port)
    const get = `GET /api/session HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`
    for (const host of ['127.0.0.1', 'localhost', '::1', '::ffff:127.0.0.1'])
      expect(said(await editor.call('inside__reach', { options: { host, port }, bytes: get }))).not.toContain(
        'answered',
      )
    const hello = `{"gatehouse":"control","v":1,"pid":1}\n`
    expect(said(await editor.call('inside__reach', { options: { path: socket }, bytes: hello }))).not.toContain(
      'answered',
    )
    const proxy = URL.parse(said(await editor.call('inside__proxy')))
    if (proxy) {
      const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`
      const authorization = `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n\r\n`
      for (const target of [
        `127.0.0.1:${port}`,
        `localhost:${port}`,
        `127.1:${port}`,
        `[::1]:${port}`,
        `0.0.0.0:${port}`,
      ]) {
        const bytes = `CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n${authorization}`
        const options = { host: '127.0.0.1', port: Number(proxy.port) }
        expect(said(await editor.call('inside__reach', { options, bytes })), target).not.toMatch(
          /answered HTTP\/1\.[01] 2/,
        )
      }
    }
    expect(app.reached('target')).toEqual([])
    expect((await app.pending()).map((question) => question.id)).toEqual([id])
    await app.approve(id)
    expect(said(await call)).toBe('done')
  })
})

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } })

/** A request with a Host and Origin of the sender's choice, as a rebound page makes one. */
async function foreign(port: number, host: string, origin: string | undefined): Promise<{ status: number }> {
  const socket = createConnection({ host: '127.0.0.1', port })
  socket.write(
    `GET /api/session HTTP/1.1\r\nHost: ${host}\r\n${origin ? `Origin: ${origin}\r\n` : ''}Connection: close\r\n\r\n`,
  )
  const [data] = await once(socket, 'data')
  socket.destroy()
  return { status: Number(String(data).split(' ')[1]) }
}
