import { request } from 'node:http'
import { connect } from 'node:net'
import { text as streamText } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { registerMcpRoutes } from '../../main/gateway/streamable-http.ts'
import { Unread } from '../../main/gateway/unread.ts'
import { type McpEndpoint, startMcpEndpoint } from '../../main/shells/mcp-endpoint.ts'
import type { EpochMs, SessionId } from '../../shared/domain/ids.ts'
import { InTestGateway, text } from '../support/in-test-gateway.ts'

const inputSchema = { type: 'object' as const }
const initialize = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
}
const list = { jsonrpc: '2.0', id: 2, method: 'tools/list' }
const callOf = (name: string) => ({ jsonrpc: '2.0', id: 3, method: 'tools/call', params: { name, arguments: {} } })

let gateway: InTestGateway
let endpoint: McpEndpoint
let aborted: Promise<void>
let running: Promise<void>
let finish: () => void

async function begin(idleMs?: number, keyLastsMs?: number): Promise<void> {
  let sayAborted: () => void
  let sayRunning: () => void
  aborted = new Promise((resolve) => {
    sayAborted = resolve
  })
  running = new Promise((resolve) => {
    sayRunning = resolve
  })
  gateway = new InTestGateway([
    { kind: 'tool', definition: { name: 'echo', inputSchema }, answer: () => text('hello') },
    {
      kind: 'tool',
      definition: { name: 'slow', inputSchema },
      answer: ({ signal }) => {
        signal.addEventListener('abort', () => sayAborted())
        sayRunning()
        return new Promise(() => {})
      },
    },
    {
      kind: 'tool',
      definition: { name: 'finishes', inputSchema },
      answer: () =>
        new Promise((resolve) => {
          finish = () => resolve(text('at last'))
        }),
    },
  ])
  gateway.idleMs = idleMs
  const parts = gateway.httpParts()
  let expiresAt: EpochMs | undefined
  const authenticate: typeof parts.authenticate = (bearer) => {
    const caller = parts.authenticate(bearer)
    if (caller === undefined || keyLastsMs === undefined) return caller
    expiresAt ??= (Date.now() + keyLastsMs) as EpochMs // from its first use
    return { ...caller, expiresAt }
  }
  endpoint = await startMcpEndpoint({
    port: 0,
    registerMcp: (http) => registerMcpRoutes(http, { ...parts, authenticate }),
  })
}
beforeEach(() => begin())
afterEach(async () => {
  await endpoint.close()
  await gateway.close()
})

const usual = {
  authorization: 'Bearer good',
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
}
function post(body: unknown, headers: Record<string, string> = {}, path = '/mcp'): Promise<Response> {
  const payload = typeof body === 'string' ? body : JSON.stringify(body)
  return fetch(endpoint.httpUrl + path, { method: 'POST', headers: { ...usual, ...headers }, body: payload })
}

/** A conversation that was begun, and its id. */
async function begun(key = 'good'): Promise<string> {
  const answer = await post(initialize, { authorization: `Bearer ${key}` })
  expect(answer.status).toBe(200)
  await answer.text()
  const id = answer.headers.get('mcp-session-id') as string
  const initialized = { jsonrpc: '2.0', method: 'notifications/initialized' }
  expect((await within(id, initialized, key)).status).toBe(202)
  return id
}
const within = (id: string, body: unknown, key = 'good') =>
  post(body, { authorization: `Bearer ${key}`, 'mcp-session-id': id, 'mcp-protocol-version': '2025-11-25' })

/** Status of a request whose Host or Origin no browser and no `fetch` would let a program choose. */
function statusWith(headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(
      `${endpoint.httpUrl}/mcp`,
      { method: 'POST', headers: { ...usual, ...headers } },
      (answer) => {
        answer.resume()
        resolve(answer.statusCode)
      },
    )
    asked.once('error', reject)
    asked.end(JSON.stringify(initialize))
  })
}

describe('who may come in', () => {
  it('asks for a key, and says so the way clients expect', async () => {
    const none = await fetch(`${endpoint.httpUrl}/mcp`, { method: 'POST', body: '{}' })
    expect(none.status).toBe(401)
    expect(none.headers.get('www-authenticate')).toBe('Bearer realm="Gatehouse"')
    const wrong = await post(initialize, { authorization: 'Bearer wrong' })
    expect(wrong.status).toBe(401)
    expect(wrong.headers.get('www-authenticate')).toBe('Bearer realm="Gatehouse", error="invalid_token"')
    expect(gateway.sessions.size).toBe(0)
  })

  it.each([
    ['another host name', { host: 'gatehouse.example' }, 403],
    ['a name that only begins like this computer', { host: 'localhost.example' }, 403],
    ['a page of another site', { origin: 'https://example.com' }, 403],
    ['a page without an origin of its own', { origin: 'null' }, 403],
    ['a page of this computer', { origin: 'http://localhost:5173' }, 200],
    ['this computer by name', { host: 'localhost' }, 200],
  ])('answers a request of %s accordingly', async (_, headers, status) => {
    expect(await statusWith(headers as unknown as Record<string, string>)).toBe(status)
  })

  it('lets a revoked key do nothing from that moment', async () => {
    const id = await begun()
    gateway.revoked = true
    for (const body of [list, callOf('echo')]) {
      const answer = await within(id, body)
      expect(answer.status).toBe(403)
      expect(await answer.text()).not.toContain('hello')
    }
  })
})

describe('every answer', () => {
  const carried = {
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'referrer-policy': 'no-referrer',
    'permissions-policy': expect.stringContaining('camera=()'),
    'cache-control': 'no-store',
  }
  const headersOf = ({ headers }: Response) => Object.fromEntries(headers)

  it('carries the security headers, its request’s id and no word of what serves', async () => {
    const id = await begun()
    const answers = [
      await post(initialize),
      await within(id, callOf('echo')),
      await post(initialize, { authorization: 'Bearer wrong' }),
      await post('{"jsonrpc":'),
      await post(initialize, { 'content-type': 'text/plain' }),
      await post(initialize, {}, '/mcp/servers/nobody'),
    ]
    for (const answer of answers) {
      expect(headersOf(answer)).toMatchObject({ ...carried, 'x-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/) })
      expect(headersOf(answer)).not.toHaveProperty('server')
      expect(headersOf(answer)).not.toHaveProperty('x-powered-by')
    }
    expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(answers.length)
    expect(headersOf(await fetch(`${endpoint.httpUrl}/elsewhere`))).toMatchObject(carried)
  })

  it('carries them also to what is no HTTP', async () => {
    const socket = connect(Number(new URL(endpoint.httpUrl).port), '127.0.0.1')
    socket.end('GARBAGE\r\n\r\n')
    const answer = await streamText(socket)
    expect(answer).toMatch(/^HTTP\/1\.1 400 /)
    expect(answer).toContain('x-content-type-options: nosniff')
    expect(answer.toLowerCase()).not.toMatch(/fastify|node/)
  })
})

describe('what is no message', () => {
  const strange = [
    [],
    'text',
    5,
    null,
    { _meta: [] },
    { _meta: 'x' },
    { _meta: null },
    { _meta: { progressToken: {} } },
  ]
  it.each(strange.map((params) => [JSON.stringify(params), params]))(
    'answers a request with params %s under its id, in every revision',
    async (_, params) => {
      const id = await begun()
      const body = { jsonrpc: '2.0', id: 'odd', method: 'tools/list', params }
      const modern = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }
      for (const answer of [await within(id, body), await post(body, modern), await post(body)]) {
        expect(answer.status).toBe(400)
        expect(await answer.json()).toMatchObject({ id: 'odd', error: { code: -32_602 } })
      }
      expect(await (await within(id, callOf('echo'))).text()).toContain('hello')
    },
  )

  it('is refused to a client that does not read its answers, until it reads them', async () => {
    const refused: string[] = []
    const parts = { ...gateway.httpParts(), unread: new Unread((client) => refused.push(client)) }
    gateway.entries.push({
      kind: 'tool',
      definition: { name: 'big', inputSchema },
      answer: () => text('x'.repeat(8 * 1024 * 1024)),
    })
    await endpoint.close()
    endpoint = await startMcpEndpoint({ port: 0, registerMcp: (http) => registerMcpRoutes(http, parts) })
    const id = await begun()
    const over = await begun()
    const body = JSON.stringify(callOf('big'))
    const head = {
      ...usual,
      host: '127.0.0.1',
      'mcp-session-id': id,
      'mcp-protocol-version': '2025-11-25',
      'content-length': body.length,
    }
    const asked = `POST /mcp HTTP/1.1\r\n${Object.entries(head)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${body}`
    const deaf = Array.from({ length: 12 }, () => connect(Number(new URL(endpoint.httpUrl).port), '127.0.0.1').pause())
    for (const socket of deaf) socket.write(asked)
    const status = async () => (await within(id, callOf('echo'))).status
    await expect.poll(status, { timeout: 10_000 }).toBe(429)
    expect(refused).toContain(gateway.client.name)
    const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 'none' } }
    expect((await within(id, cancelled)).status).toBe(202)
    expect((await within(id, { jsonrpc: '2.0', id: 'asked', result: {} })).status).toBe(202)
    const headers = { ...usual, 'mcp-session-id': over, 'mcp-protocol-version': '2025-11-25' }
    expect((await fetch(`${endpoint.httpUrl}/mcp`, { method: 'DELETE', headers })).status).toBe(200)
    for (const socket of deaf) socket.resume()
    await expect.poll(status, { timeout: 10_000 }).toBe(200)
    for (const socket of deaf) socket.destroy()
  })

  it('that drips without end is given up, in its head or its body, and disturbs nobody', async () => {
    await endpoint.close()
    const parts = gateway.httpParts()
    endpoint = await startMcpEndpoint({
      port: 0,
      registerMcp: (http) => registerMcpRoutes(http, parts),
      arrivesWithinMs: 400,
    })
    const head = 'POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer good\r\nX-Slow: '
    const body = `y\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`
    const dripping = [head, head + body].map((begin) => {
      const socket = connect(Number(new URL(endpoint.httpUrl).port), '127.0.0.1')
      socket.write(begin)
      const drip = setInterval(() => socket.write(' '), 50)
      socket.once('close', () => clearInterval(drip)).on('error', () => {})
      return streamText(socket)
    })
    expect(await (await post(initialize)).text()).toContain('gatehouse')
    for (const answer of await Promise.all(dripping)) expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('refuses a body over 10 MB, and only that request', async () => {
    const id = await begun()
    const huge = { ...callOf('echo'), params: { name: 'echo', arguments: { pad: 'x'.repeat(10 * 1024 * 1024) } } }
    expect((await within(id, huge)).status).toBe(413)
    expect(await (await within(id, callOf('echo'))).text()).toContain('hello')
  })

  it('refuses another content type', async () => {
    expect((await post(initialize, { 'content-type': 'text/plain' })).status).toBe(415)
  })

  it('refuses malformed JSON with −32700', async () => {
    const answer = await post('{"jsonrpc":')
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { code: -32_700 } })
  })

  it('refuses other methods of HTTP', async () => {
    const answer = await fetch(`${endpoint.httpUrl}/mcp`, { method: 'PUT', headers: usual, body: '{}' })
    expect(answer.status).toBe(404)
  })
})

describe('a conversation with a session id', () => {
  it('is unknown under an id nobody was given', async () => {
    expect((await within('3f6c0f0e-0000-4000-8000-000000000000', list)).status).toBe(404)
  })

  it('is unknown to another key', async () => {
    const id = await begun('good')
    expect((await within(id, list, 'other')).status).toBe(404)
    expect((await within(id, list)).status).toBe(200)
  })

  it('is needed for anything but initialize', async () => {
    expect((await post(list)).status).toBe(400)
  })

  it('ends by DELETE, with its session', async () => {
    const id = await begun()
    const headers = { ...usual, 'mcp-session-id': id }
    expect((await fetch(`${endpoint.httpUrl}/mcp`, { method: 'DELETE', headers })).status).toBe(200)
    expect(gateway.ended).toHaveLength(1)
    expect((await within(id, list)).status).toBe(404)
  })

  it('ends with its session, and the calls that run in it', async () => {
    const id = await begun()
    const call = within(id, callOf('slow'))
    await running
    gateway.end([...gateway.sessions.keys()][0] as SessionId)
    await aborted
    await (await call).text().catch(() => '')
    expect((await within(id, list)).status).toBe(404)
  })

  it('gives the answer to a client whose stream broke off, and to no other session', async () => {
    const id = await begun()
    const answer = await within(id, callOf('finishes'))
    const reader = (answer.body as ReadableStream<Uint8Array>).getReader()
    const first = new TextDecoder().decode((await reader.read()).value)
    const eventId = /^id: (\S+)$/m.exec(first)?.[1] as string
    expect(eventId).toBeTruthy()
    await reader.cancel()
    finish()
    const again = (session: string) => {
      const headers = {
        authorization: 'Bearer good',
        accept: 'text/event-stream',
        'mcp-protocol-version': '2025-11-25',
      }
      return fetch(`${endpoint.httpUrl}/mcp`, {
        headers: { ...headers, 'mcp-session-id': session, 'last-event-id': eventId },
      })
    }
    expect(await (await again(id)).text()).toContain('at last')
    const other = await (await again(await begun())).text().catch(() => '')
    expect(other).not.toContain('at last')
  })

  it('tells by a stream what changed', async () => {
    const id = await begun()
    const headers = { authorization: 'Bearer good', accept: 'text/event-stream', 'mcp-session-id': id }
    const stream = await fetch(`${endpoint.httpUrl}/mcp`, { headers })
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    gateway.listsChanged('tool')
    const reader = (stream.body as ReadableStream<Uint8Array>).getReader()
    let seen = ''
    while (!seen.includes('notifications/tools/list_changed'))
      seen += new TextDecoder().decode((await reader.read()).value)
    await reader.cancel()
  })

  it('expires when nobody uses it', async () => {
    await endpoint.close()
    await begin(300)
    const id = await begun()
    await vi.waitFor(() => expect(gateway.ended).toHaveLength(1), { timeout: 20_000 })
    expect((await within(id, list)).status).toBe(404)
  })
})

describe('a request without a session, from 2026-07-28', () => {
  const modern = (body: { method: string; params?: object }, key = 'good') => {
    const _meta = {
      'io.modelcontextprotocol/protocolVersion': '2026-07-28',
      'io.modelcontextprotocol/clientInfo': { name: 'test', version: '1' },
      'io.modelcontextprotocol/clientCapabilities': {},
    }
    const { name } = (body.params ?? {}) as { name?: string }
    return post(
      { jsonrpc: '2.0', id: 1, ...body, params: { ...body.params, _meta } },
      {
        authorization: `Bearer ${key}`,
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': body.method,
        ...(name ? { 'mcp-name': name } : {}),
      },
    )
  }

  it('is served', async () => {
    expect(await (await modern(callOf('echo'))).text()).toContain('hello')
    expect(await (await modern(list)).text()).toContain('echo')
  })

  it('is aborted when its session ends', async () => {
    const call = modern(callOf('slow'))
    await running
    gateway.end([...gateway.sessions.keys()][0] as SessionId)
    await aborted
    await (await call).text().catch(() => '')
  })

  it('is aborted when its client leaves', async () => {
    const leaving = new AbortController()
    const body = JSON.stringify(callOf('slow'))
    const call = fetch(`${endpoint.httpUrl}/mcp`, {
      method: 'POST',
      headers: { ...usual, 'mcp-session-id': await begun() },
      body,
      signal: leaving.signal,
    })
    await running
    leaving.abort()
    await expect(call).rejects.toThrow()
  })
})

describe('a stream that stands open', () => {
  it('ends with the key it was opened with', async () => {
    await endpoint.close()
    await begin(undefined, 1_500)
    const id = await begun()
    const headers = { authorization: 'Bearer good', accept: 'text/event-stream', 'mcp-session-id': id }
    const stream = await fetch(`${endpoint.httpUrl}/mcp`, { headers })
    expect(stream.status).toBe(200)
    await expect(stream.text()).rejects.toThrow('terminated')
  })
})

describe('a view of one server', () => {
  it('is unknown for a server that is not there', async () => {
    for (const name of ['nobody', 'No%20Name', '..%2f'])
      expect((await post(initialize, {}, `/mcp/servers/${name}`)).status).toBe(404)
    expect((await post(initialize, {}, '/mcp/servers/demo')).status).toBe(200)
  })
})
