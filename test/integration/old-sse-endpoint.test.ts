import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { ToolListChangedNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerMcpRoutes } from '../../main/gateway/streamable-http.ts'
import { type McpEndpoint, startMcpEndpoint } from '../../main/shells/mcp-endpoint.ts'
import { InTestGateway, text } from '../support/in-test-gateway.ts'

const inputSchema = { type: 'object' as const }
let gateway: InTestGateway
let endpoint: McpEndpoint
const clients: FirstClient[] = []
const streams: AbortController[] = []

async function begin(takesOldSse = true): Promise<void> {
  gateway = new InTestGateway([
    {
      kind: 'tool',
      definition: { name: 'echo', inputSchema },
      answer: async ({ arguments: given, peer }) => {
        peer.progress({ progress: 1 })
        await new Promise((done) => setTimeout(done, 50)) // the SDK drops what comes with the answer
        return text(JSON.stringify(given))
      },
    },
  ])
  const parts = { ...gateway.httpParts(), takesOldSse }
  endpoint = await startMcpEndpoint({ port: 0, registerMcp: (http) => registerMcpRoutes(http, parts) })
}
beforeEach(() => begin())
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()))
  for (const stream of streams.splice(0)) stream.abort()
  await endpoint.close()
  await gateway.close()
})

/** As an app of the 1.x SDK connects. */
async function connected(path = '/sse', key = 'good'): Promise<FirstClient> {
  const client = new FirstClient({ name: 'old', version: '1' })
  clients.push(client)
  const headers = { authorization: `Bearer ${key}` }
  await client.connect(new SSEClientTransport(new URL(endpoint.httpUrl + path), { requestInit: { headers } }))
  return client
}

/** The stream of a client, and the address it is told. */
async function opened(headers: Record<string, string> = {}) {
  const stream = new AbortController()
  streams.push(stream)
  const answer = await fetch(`${endpoint.httpUrl}/sse`, {
    headers: { authorization: 'Bearer good', ...headers },
    signal: stream.signal,
  })
  const reader = answer.body?.getReader()
  const { value } = answer.ok && reader ? await reader.read() : { value: undefined }
  const first = Buffer.from(value ?? []).toString()
  return { answer, reader, address: /^event: endpoint\ndata: (\S+)\n\n/.exec(first)?.[1] ?? '' }
}
const post = (address: string, body: string, headers: Record<string, string> = {}) =>
  fetch(endpoint.httpUrl + address, {
    method: 'POST',
    body,
    headers: { authorization: 'Bearer good', 'content-type': 'application/json', ...headers },
  })
const ping = '{"jsonrpc":"2.0","id":1,"method":"ping"}'

describe('the endpoint for clients of 2024-11-05', () => {
  it('serves the SDK of their time through the kernel: lists, calls, progress and changes', async () => {
    const client = await connected()
    expect((await client.listTools()).tools).toMatchObject([{ name: 'echo' }])
    const progress: number[] = []
    const told = { onprogress: (one: { progress: number }) => progress.push(one.progress) }
    const answer = await client.callTool({ name: 'echo', arguments: { a: 'ä' } }, undefined, told)
    expect(answer.content).toEqual([{ type: 'text', text: '{"a":"ä"}' }])
    expect(progress).toEqual([1])
    expect(gateway.judged.map(({ entry }) => entry.name)).toEqual(['echo'])
    const changed = new Promise<void>((resolve) =>
      client.setNotificationHandler(ToolListChangedNotificationSchema, () => resolve()),
    )
    gateway.listsChanged('tool')
    await changed
  })

  it('ends the session with the stream, and the stream with the session', async () => {
    const client = await connected()
    const [id] = gateway.sessions.keys()
    await client.close()
    await expect.poll(() => gateway.ended).toEqual([id])
    const second = await connected()
    const closed = new Promise<void>((resolve) => {
      second.onclose = () => resolve()
    })
    const transport = second.transport as SSEClientTransport
    transport.onerror = () => void second.close()
    for (const session of gateway.sessions.keys()) gateway.end(session)
    await closed
  })

  it.each([
    ['no key', { authorization: '' }, 401],
    ['an unknown key', { authorization: 'Bearer bad' }, 401],
    ['a foreign origin', { origin: 'https://evil.example' }, 403],
  ])('opens no stream with %s', async (_what, headers, status) => {
    const { answer } = await opened(headers)
    expect(answer.status).toBe(status)
    expect(gateway.sessions.size).toBe(0)
  })

  it('opens nothing for a server that is none, and shows one that is alone', async () => {
    const headers = { authorization: 'Bearer good' }
    expect((await fetch(`${endpoint.httpUrl}/sse/servers/nobody`, { headers })).status).toBe(404)
    expect((await (await connected('/sse/servers/demo')).listTools()).tools).toHaveLength(1)
  })

  it('hears only who opened the stream, by key and origin, and nothing that is no message', async () => {
    const { address } = await opened()
    expect((await post(address, ping, { authorization: 'Bearer other' })).status).toBe(404)
    expect((await post(address, ping, { authorization: '' })).status).toBe(401)
    expect((await post(address, ping, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await post('/messages?sessionId=none', ping)).status).toBe(404)
    expect((await post(address, 'nonsense')).status).toBe(400)
    expect((await post(address, ping, { 'content-type': 'text/plain' })).status).toBe(415)
    expect((await post(address, `{"jsonrpc":"2.0","x":"${'y'.repeat(50 * 1024 * 1024)}"}`)).status).toBe(413)
    expect((await post(address, ping)).status).toBe(202)
  })

  it('lets one app open 32 streams, and no more', async () => {
    const all = await Promise.all(Array.from({ length: 33 }, () => opened()))
    expect(all.map(({ answer }) => answer.status).sort()).toEqual([...Array(32).fill(200), 429])
  })
})

it('is not there unless it is switched on', async () => {
  await endpoint.close()
  await begin(false)
  expect((await opened()).answer.status).toBe(404)
  expect((await post('/messages?sessionId=x', ping)).status).toBe(404)
})
