import { Client } from '@modelcontextprotocol/client'
import type { JSONRPCMessage, Transport } from '@modelcontextprotocol/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { registerMcpRoutes } from '../../main/gateway/streamable-http.ts'
import { Unread } from '../../main/gateway/unread.ts'
import { type McpEndpoint, startMcpEndpoint } from '../../main/shells/mcp-endpoint.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { InTestGateway, text } from '../support/in-test-gateway.ts'

const inputSchema = { type: 'object' as const }
const megabyte = 1024 * 1024
const bounds = {
  newsBytes: megabyte,
  ownBytes: 4 * megabyte,
  patienceMs: 60_000,
  mostBytes: 16 * megabyte,
  allBytes: 64 * megabyte,
}
const aborted: string[] = []
let gateway: InTestGateway
let endpoint: McpEndpoint
const open: WebSocket[] = []

async function begin(heartbeatMs?: number, expiresAt?: () => EpochMs): Promise<void> {
  aborted.length = 0
  gateway = new InTestGateway([
    {
      kind: 'tool',
      definition: { name: 'echo', inputSchema },
      answer: ({ arguments: given }) => text(JSON.stringify(given)),
    },
    {
      kind: 'tool',
      definition: { name: 'slow', inputSchema },
      answer: ({ signal, peer }) => {
        peer.progress({ progress: 1 })
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            aborted.push('slow')
            reject(new Error('cancelled'))
          }),
        )
      },
    },
  ])
  const http = gateway.httpParts()
  const authenticate: typeof http.authenticate = (bearer) => {
    const caller = http.authenticate(bearer)
    return caller && expiresAt ? { ...caller, expiresAt: expiresAt() } : caller
  }
  const parts = {
    ...http,
    authenticate,
    unread: new Unread(() => {}, bounds),
    ...(heartbeatMs === undefined ? {} : { heartbeatMs }),
  }
  endpoint = await startMcpEndpoint({ port: 0, registerMcp: (http) => registerMcpRoutes(http, parts) })
}
beforeEach(() => begin())
afterEach(async () => {
  for (const socket of open.splice(0)) socket.terminate()
  await endpoint.close()
  await gateway.close()
})

function dial(
  path = '/mcp/ws',
  headers: Record<string, string> = { authorization: 'Bearer good' },
  protocols = ['mcp'],
) {
  const socket = new WebSocket(endpoint.httpUrl.replace('http:', 'ws:') + path, protocols, { headers })
  socket.on('error', () => {}) // a refusal is an error to it
  open.push(socket)
  return socket
}
const opened = (socket: WebSocket) =>
  new Promise<void>((resolve, reject) => socket.once('open', resolve).once('error', reject))
const closed = (socket: WebSocket) => new Promise<number>((resolve) => socket.once('close', resolve))
const refusedWith = (socket: WebSocket) =>
  new Promise<number | undefined>((resolve) => {
    socket.once('unexpected-response', (_, response) => resolve(response.statusCode))
    socket.once('open', () => resolve(undefined))
  })
const next = (socket: WebSocket) =>
  new Promise<Record<string, unknown>>((resolve) =>
    socket.once('message', (data) => resolve(JSON.parse(String(data)) as Record<string, unknown>)),
  )

function overSocket(socket: WebSocket): Transport {
  const transport: Transport = {
    start: async () => {
      socket.on('message', (data) => transport.onmessage?.(JSON.parse(String(data)) as JSONRPCMessage))
      socket.once('close', () => transport.onclose?.())
      await opened(socket)
    },
    send: async (message) => socket.send(JSON.stringify(message)),
    close: async () => socket.close(),
  }
  return transport
}

describe('MCP over a WebSocket', () => {
  it.each(['modern', 'legacy'] as const)('serves a %s client: lists, calls, progress, cancel', async (era) => {
    const client = new Client(
      { name: 'test', version: '1' },
      { versionNegotiation: { mode: era === 'modern' ? { pin: '2026-07-28' } : 'legacy' } },
    )
    await client.connect(overSocket(dial()))
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['echo', 'slow'])
    const answer = await client.callTool({ name: 'echo', arguments: { a: 1 } })
    expect(answer.content).toEqual([{ type: 'text', text: '{"a":1}' }])
    const cancel = new AbortController()
    const onprogress = () => cancel.abort(new Error('enough'))
    await expect(client.callTool({ name: 'slow' }, { signal: cancel.signal, onprogress })).rejects.toThrow('enough')
    await expect.poll(() => aborted).toEqual(['slow'])
    expect((await client.callTool({ name: 'echo', arguments: {} })).content).toEqual([{ type: 'text', text: '{}' }])
    await client.close()
    await expect.poll(() => gateway.ended.length).toBe(1)
  })

  it('takes the key in a sub-protocol from programs that cannot set headers', async () => {
    const socket = dial('/mcp/ws', {}, ['mcp', 'bearer.good'])
    await opened(socket)
    expect(socket.protocol).toBe('mcp')
    socket.send('{"jsonrpc":"2.0","id":1,"method":"ping"}')
    expect(await next(socket)).toMatchObject({ id: 1, result: {} })
  })

  it.each([
    ['no key', {}],
    ['a wrong key', { authorization: 'Bearer wrong' }],
  ])('answers the first word of who shows %s with −32001 and closes', async (_, headers) => {
    const socket = dial('/mcp/ws', headers as Record<string, string>)
    await opened(socket)
    const ending = closed(socket)
    socket.send('{"jsonrpc":"2.0","id":7,"method":"tools/list"}')
    expect(await next(socket)).toMatchObject({ id: 7, error: { code: -32_001, message: 'Authentication required' } })
    expect(await ending).toBe(1008)
    expect(gateway.sessions.size).toBe(0)
  })

  it('gives one client 32 connections and no more, and leaves the others theirs', async () => {
    const own = Array.from({ length: 32 }, () => dial())
    await Promise.all(own.map(opened))
    expect(await refusedWith(dial())).toBe(429)
    await opened(dial('/mcp/ws', { authorization: 'Bearer other' }))
    const [first] = own
    if (first) {
      const ending = closed(first)
      first.close()
      await ending
    }
    await expect.poll(() => gateway.ended.length).toBe(1)
    await opened(dial())
  })

  it('gives who shows no key little room, and lets them take none from who does', async () => {
    const wordy = dial('/mcp/ws', {})
    await opened(wordy)
    const ending = closed(wordy)
    wordy.send('x'.repeat(100_000))
    expect(await ending).toBe(1009)
    const strangers = Array.from({ length: 32 }, () => dial('/mcp/ws', {}))
    await Promise.all(strangers.map(opened))
    expect(await refusedWith(dial('/mcp/ws', {}))).toBe(503)
    await opened(dial())
  })

  it('answers what is no message, and goes on', async () => {
    const socket = dial()
    await opened(socket)
    socket.send('{')
    expect(await next(socket)).toMatchObject({ id: null, error: { code: -32_700 } })
    socket.send('[]')
    expect(await next(socket)).toMatchObject({ error: { code: -32_600 } })
    socket.send(Buffer.from('{"jsonrpc":"2.0","id":1,"method":"ping"}'), { binary: true })
    expect(await next(socket)).toMatchObject({ error: { code: -32_700 } })
    socket.send('{"jsonrpc":"2.0","id":2,"method":"ping"}')
    expect(await next(socket)).toMatchObject({ id: 2, result: {} })
  })

  it('refuses pages of other sites, other addresses and servers that are not there', async () => {
    const key = { authorization: 'Bearer good' }
    expect(await refusedWith(dial('/mcp/ws', { ...key, origin: 'https://evil.example' }))).toBe(403)
    expect(await refusedWith(dial('/mcp/ws', { ...key, host: 'evil.example' }))).toBe(403)
    expect(await refusedWith(dial('/mcp/other', key))).toBe(404)
    expect(await refusedWith(dial('/mcp/servers/nowhere/ws', key))).toBe(404)
    expect(await refusedWith(dial('/mcp/servers/demo/ws', key))).toBeUndefined()
  })

  it('closes on a message over 10 MB', async () => {
    const socket = dial()
    await opened(socket)
    const ending = closed(socket)
    socket.send('x'.repeat(10 * 1024 * 1024 + 1))
    expect(await ending).toBe(1009)
  })

  it('cuts off who asks for more and more and does not read, and nobody else', async () => {
    const [greedy, other] = [dial(), dial('/mcp/ws', { authorization: 'Bearer other' })]
    await Promise.all([opened(greedy), opened(other)])
    const ended = gateway.ended.length
    const blob = 'x'.repeat(4 * megabyte)
    greedy.pause()
    for (let id = 0; id < 10; id += 1) greedy.send(`{"jsonrpc":"2.0","id":"${id}${blob}","method":"ping"}`) // an answer is as long as its id
    await expect.poll(() => gateway.ended.length, { timeout: 10_000 }).toBe(ended + 1)
    other.send('{"jsonrpc":"2.0","id":1,"method":"ping"}')
    expect(await next(other)).toMatchObject({ id: 1, result: {} })
  })

  it('closes when its session is ended, and ends what ran', async () => {
    const socket = dial()
    await opened(socket)
    const clientInfo = { name: 'test', version: '1' }
    const params = { protocolVersion: '2025-11-25', capabilities: {}, clientInfo }
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'initialize', params }))
    await next(socket)
    const call = { name: 'slow', arguments: {}, _meta: { progressToken: 1 } }
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: call }))
    expect(await next(socket)).toMatchObject({ method: 'notifications/progress' })
    const ending = closed(socket)
    for (const session of [...gateway.sessions.keys()]) gateway.end(session)
    expect(await ending).toBe(1008)
    await expect.poll(() => aborted).toEqual(['slow'])
  })

  it('ends a connection when its key runs out, however lively it is, and no other', async () => {
    await endpoint.close()
    let until: EpochMs | undefined
    await begin(20, () => {
      until ??= (Date.now() + 300) as EpochMs // from its first use, however late a busy machine comes to that
      return until
    })
    const socket = dial()
    await opened(socket)
    expect(await closed(socket)).toBe(1008)
    await expect.poll(() => gateway.sessions.size).toBe(0)
    await endpoint.close()
    await begin(20, () => (Date.now() + 3_600_000) as EpochMs)
    const lasting = dial()
    await opened(lasting)
    for (let beats = 0; beats < 4; beats++) await new Promise((resolve) => lasting.once('ping', resolve))
    expect(lasting.readyState).toBe(WebSocket.OPEN)
  })

  it('ends a connection that is silent for two heartbeats, and keeps one that answers', async () => {
    await endpoint.close()
    await begin(20)
    const alive = dial()
    await opened(alive)
    const silent = new WebSocket(`${endpoint.httpUrl.replace('http:', 'ws:')}/mcp/ws`, ['mcp'], {
      headers: { authorization: 'Bearer good' },
      autoPong: false,
    })
    open.push(silent)
    await opened(silent)
    expect(await closed(silent)).toBe(1006)
    alive.send('{"jsonrpc":"2.0","id":2,"method":"ping"}')
    expect(await next(alive)).toMatchObject({ id: 2, result: {} })
  })
})
