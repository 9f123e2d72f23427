import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { GatehouseApp } from '../support/gatehouse-app.ts'
import { anAuthority, type Certificate } from '../support/remote-servers/certificates.ts'

describe('short-lived tokens of a running app', () => {
  let app: GatehouseApp
  let key: string
  const authority = anAuthority()
  const at = (name: string) => join(app.folder, name)
  beforeAll(async () => {
    app = new GatehouseApp()
    const { cert, key: ofCert } = authority.issue('localhost')
    for (const [name, text] of Object.entries({ 'door.pem': cert, 'door.key': ofCert })) writeFileSync(at(name), text)
    await app.start({ env: { GATEHOUSE_HTTPS__CERTIFICATE: at('door.pem'), GATEHOUSE_HTTPS__KEY: at('door.key') } })
    await app.addRecorder('files', '--trust')
    key = String((await app.ask('clients', 'token', 'web')).token)
  })
  afterAll(async () => {
    authority.remove()
    await app.end()
  })

  const begin = {
    jsonrpc: '2.0',
    id: 1,
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'web', version: '1' } },
  }
  const token = async (params: Record<string, string>, bearer?: string) => {
    const answer = await fetch(`${app.endpoint.httpUrl}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(params),
      ...(bearer ? { headers: { authorization: `Bearer ${bearer}` } } : {}),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, string>, headers: answer.headers }
  }
  const initialize = async (bearer: string) =>
    fetch(app.endpoint.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      },
      body: JSON.stringify(begin),
    })

  /** Over TLS, with the certificate and no key. */
  const shows = (own: Certificate | undefined, host = '127.0.0.1') =>
    new Promise<{ status: number | undefined; headers: Record<string, unknown> }>((resolve, reject) => {
      const { port } = new URL(String(app.endpoint.mcpHttpsUrl))
      const tls = { ca: authority.cert, servername: 'localhost', ...(own ? { cert: own.cert, key: own.key } : {}) }
      const headers = {
        host: `${host}:${port}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      }
      const asked = request(
        { host: '127.0.0.1', port, path: '/mcp', method: 'POST', headers, agent: false, ...tls },
        (answer) => {
          answer.resume()
          resolve({ status: answer.statusCode, headers: answer.headers })
        },
      )
      asked.once('error', reject)
      asked.end(JSON.stringify(begin))
    })

  /** What a ping over a WebSocket is answered. */
  const overSocket = async ({ cert, key }: Certificate) => {
    const { port } = new URL(String(app.endpoint.mcpHttpsUrl))
    const tls = { ca: authority.cert, servername: 'localhost', cert, key }
    const socket = new WebSocket(`wss://127.0.0.1:${port}/mcp/ws`, ['mcp'], tls)
    await once(socket, 'open')
    const answer = once(socket, 'message')
    socket.send('{"jsonrpc":"2.0","id":1,"method":"ping"}')
    const [data] = await answer
    socket.terminate()
    return JSON.parse(String(data))
  }

  it('are not needed by a program that shows a certificate the person named, until it is revoked', async () => {
    const [own, stranger] = [authority.issue('program'), authority.issue('stranger')]
    writeFileSync(at('own.pem'), own.cert)
    const { id, expiresAt } = await app.ask('clients', 'certificate', 'robot', at('own.pem'))
    expect(expiresAt).toBeGreaterThan(Date.now())
    const letIn = await shows(own)
    expect(letIn).toMatchObject({ status: 200, headers: { 'strict-transport-security': 'max-age=31536000' } })
    expect(letIn.headers['mcp-session-id']).toBeDefined()
    const byName = await shows(own, 'localhost')
    expect([byName.status, byName.headers['strict-transport-security']]).toEqual([200, undefined])
    expect([(await shows(stranger)).status, (await shows(undefined)).status]).toEqual([401, 401])
    expect(await overSocket(own)).toMatchObject({ id: 1, result: {} })
    const [robot] = (
      (await app.ask('clients', 'list')) as { clients: { name: string; tokens: object[] }[] }
    ).clients.filter(({ name }) => name === 'robot')
    expect(robot?.tokens).toMatchObject([{ id, uses: expect.any(Number) }])
    await app.ask('clients', 'token', 'robot', '--revoke', String(id))
    expect((await shows(own)).status).toBe(401)
    const { entries } = (await app.ask('audit', 'list')) as { entries: { action: string; summary: string }[] }
    expect(entries.filter(({ action }) => action === 'key.refused').map(({ summary }) => summary)).toContainEqual(
      expect.stringContaining('showed a certificate that is unknown or revoked'),
    )
  })

  /** A call without a session, as from 2026-07-28. */
  const call = async (bearer: string, what: string) => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'web', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const answer = await fetch(app.endpoint.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${bearer}`,
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': 'tools/call',
        'mcp-name': 'files__act',
      },
      body: JSON.stringify({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'files__act', arguments: { what }, _meta },
      }),
    })
    await answer.text()
    return answer.status
  }

  it('are got with an API key, work, and are renewed by their refresh token', async () => {
    const first = await token({ grant_type: 'client_credentials' }, key)
    expect(first).toMatchObject({ status: 200, body: { token_type: 'Bearer', expires_in: 900 } })
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect((await initialize(first.body.access_token ?? '')).status).toBe(200)
    const next = await token({ grant_type: 'refresh_token', refresh_token: first.body.refresh_token ?? '' })
    expect(next.status).toBe(200)
    expect((await initialize(next.body.access_token ?? '')).status).toBe(200)
  })

  it('a stolen refresh token ends everything that came of it, and the person is told', async () => {
    const { body } = await token({ grant_type: 'client_credentials' }, key)
    const own = await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' })
    const stolen = await token({ grant_type: 'refresh_token', refresh_token: body.refresh_token ?? '' })
    expect(stolen).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    for (const bearer of [own.body.access_token, body.access_token]) {
      const refused = await initialize(bearer ?? '')
      expect(refused.status).toBe(401)
      expect(await call(bearer ?? '', 'with what was stolen')).toBe(401)
    }
    expect(await call(key, 'with the key')).toBe(200)
    expect(app.reached('files').map(({ args }) => args?.what)).toEqual(['with the key'])
    const { entries } = (await app.ask('audit', 'list')) as { entries: { action: string; severity?: string }[] }
    expect(entries.map(({ action }) => action)).toContain('token.reused')
    const { incidents } = (await app.ask('incidents', 'list')) as { incidents: object[] }
    expect(incidents).toEqual([
      expect.objectContaining({
        server: 'gatehouse',
        status: 'open',
        severity: 'critical',
        symptoms: [
          expect.objectContaining({ kind: 'intrusion', detail: expect.stringContaining('refresh token of “web”') }),
        ],
      }),
    ])
    expect((await initialize(key)).status).toBe(200)
  })

  it('are refused without a right key, from another page, and for grants nobody knows', async () => {
    expect((await token({ grant_type: 'client_credentials' })).status).toBe(401)
    const almost = `${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}`
    expect((await token({ grant_type: 'client_credentials' }, almost)).status).toBe(401)
    expect((await token({ grant_type: 'password', username: 'a' })).body.error).toBe('unsupported_grant_type')
    expect((await token({})).body.error).toBe('invalid_request')
    const twice = await fetch(`${app.endpoint.httpUrl}/oauth/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=refresh_token&grant_type=client_credentials',
    })
    expect(twice.status).toBe(400)
    const foreign = await fetch(`${app.endpoint.httpUrl}/oauth/token`, {
      method: 'POST',
      headers: { origin: 'https://evil.example' },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    })
    expect(foreign.status).toBe(403)
  })

  it('end with the client, and with being handed back', async () => {
    const first = await token({ grant_type: 'client_credentials' }, key)
    const second = await token({ grant_type: 'client_credentials' }, key)
    const handedBack = await fetch(`${app.endpoint.httpUrl}/oauth/revoke`, {
      method: 'POST',
      body: new URLSearchParams({ token: first.body.refresh_token ?? '' }),
    })
    expect(handedBack.status).toBe(200)
    expect((await initialize(first.body.access_token ?? '')).status).toBe(401)
    expect((await initialize(second.body.access_token ?? '')).status).toBe(200)
    await app.ask('clients', 'revoke', 'web')
    expect((await initialize(second.body.access_token ?? '')).status).toBeGreaterThanOrEqual(401)
  })
})
