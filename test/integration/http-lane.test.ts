import { afterEach, beforeEach, expect, it } from 'vitest'
import { registerMcpRoutes } from '../../main/gateway/streamable-http.ts'
import { type McpEndpoint, startMcpEndpoint } from '../../main/shells/mcp-endpoint.ts'
import { type InTestEntry, InTestGateway, text } from '../support/in-test-gateway.ts'

const protocol = '2025-11-25'
const made: string[] = []
let waiting: PromiseWithResolvers<void>
let aborted: PromiseWithResolvers<void>
const tool = (name: string, answer: NonNullable<InTestEntry['answer']>): InTestEntry => ({
  kind: 'tool',
  definition: { name, inputSchema: { type: 'object' } },
  answer: (received) => {
    made.push(name)
    return answer(received)
  },
})
const entries = [
  tool('quick', () => text('done')),
  tool('own-error', () => ({ kind: 'error', error: { code: -32_050, message: 'mine' } })),
  tool('steps', ({ peer }) => {
    for (const progress of [1, 2, 3]) peer.progress({ progress, total: 3 })
    return text('stepped')
  }),
  tool('waits', async ({ signal }) => {
    signal.addEventListener('abort', () => aborted.resolve())
    await Promise.race([waiting.promise, aborted.promise])
    return text('waited')
  }),
]

let gateway: InTestGateway
let endpoint: McpEndpoint
let session: string
beforeEach(async () => {
  made.length = 0
  waiting = Promise.withResolvers()
  aborted = Promise.withResolvers()
  gateway = new InTestGateway(entries)
  endpoint = await startMcpEndpoint({
    port: 0,
    registerMcp: (http) => registerMcpRoutes(http, gateway.httpParts()),
  })
  session = ''
  const clientInfo = { name: 'test', version: '1' }
  const begun = await post({
    id: 0,
    method: 'initialize',
    params: { protocolVersion: protocol, capabilities: {}, clientInfo },
  })
  session = begun.headers.get('mcp-session-id') as string
  await begun.text()
  await post({ method: 'notifications/initialized' })
})
afterEach(async () => {
  waiting.resolve()
  await endpoint.close()
  await gateway.close()
})

const post = (message: object, headers: Record<string, string> = {}) =>
  fetch(`${endpoint.httpUrl}/mcp`, {
    method: 'POST',
    headers: {
      authorization: 'Bearer good',
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(session ? { 'mcp-session-id': session, 'mcp-protocol-version': protocol } : {}),
      ...headers,
    },
    body: JSON.stringify({ jsonrpc: '2.0', ...message }),
  })
const call = (name: string, id: number, meta?: object) =>
  post({ id, method: 'tools/call', params: { name, arguments: {}, ...(meta ? { _meta: meta } : {}) } })
const typeOf = (answer: Response) => answer.headers.get('content-type')?.split(';')[0]
const eventsOf = async (answer: Response) =>
  (await answer.text())
    .split('\n')
    .filter((line) => line.startsWith('data: ') && line.length > 6)
    .map((line) => JSON.parse(line.slice(6)) as { id?: number; method?: string; params?: { progress?: number } })

it('a call that is soon over is answered by one JSON text, in its session', async () => {
  const answer = await call('quick', 1)
  expect([answer.status, typeOf(answer), answer.headers.get('mcp-session-id')]).toEqual([
    200,
    'application/json',
    session,
  ])
  expect(await answer.json()).toEqual({ jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text: 'done' }] } })
  expect(await (await call('own-error', 2)).json()).toMatchObject({ id: 2, error: { code: -32_050, message: 'mine' } })
  const list = await (await post({ id: 3, method: 'tools/list' })).json()
  expect(list.result.tools.map(({ name }: { name: string }) => name)).toContain('quick')
})

it('what a server says first reaches the client first, in a stream, and the call is made once', async () => {
  const answer = await call('steps', 1, { progressToken: 'p' })
  expect(typeOf(answer)).toBe('text/event-stream')
  const events = await eventsOf(answer)
  expect(events.map(({ id, params }) => id ?? params?.progress)).toEqual([1, 2, 3, 1])
  expect(events.slice(0, 3).map(({ method }) => method)).toEqual(Array(3).fill('notifications/progress'))
  expect(made).toEqual(['steps'])
})

it('a call that takes longer goes on in a stream one can come back to, and is made once', async () => {
  const answer = await call('waits', 1)
  expect(typeOf(answer)).toBe('text/event-stream')
  waiting.resolve()
  const text = await answer.text()
  expect(text).toMatch(/^id: \S+$/m)
  expect(text).toContain('waited')
  expect(made).toEqual(['waits'])
})

it('a cancelled call is cancelled at its server', async () => {
  const answer = call('waits', 7)
  await expect.poll(() => made).toEqual(['waits'])
  const cancelled = await post({ method: 'notifications/cancelled', params: { requestId: 7 } })
  expect(cancelled.status).toBe(202)
  await aborted.promise
  await (await answer).body?.cancel()
})

it('calls under one id are each made once and each answered', async () => {
  const both = [call('waits', 5), call('waits', 5)]
  await expect.poll(() => made).toEqual(['waits', 'waits'])
  waiting.resolve()
  for (const answer of both) expect(await (await answer).text()).toContain('waited')
  expect(made).toEqual(['waits', 'waits'])
})

it.each([
  ['accepts no stream', { accept: 'application/json' }, 406],
  ['names a revision nobody speaks', { 'mcp-protocol-version': '1999-01-01' }, 400],
  ['shows another key', { authorization: 'Bearer other' }, 404],
  ['names no session', { 'mcp-session-id': '' }, 404],
])('a request that %s is refused before its call is made', async (_, headers, status) => {
  const refused = await post({ id: 1, method: 'tools/call', params: { name: 'quick' } }, headers)
  expect(refused.status).toBe(status)
  expect(made).toEqual([])
})
