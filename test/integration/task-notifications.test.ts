import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'
import type { RawBridge, RawMessage } from '../support/raw-bridge.ts'
import { type RemoteServer, tasksOverHttp } from '../support/remote-servers/remote-servers.ts'

const tasksExtension = 'io.modelcontextprotocol/tasks'
const subscriptionId = 'io.modelcontextprotocol/subscriptionId'
const acknowledged = 'notifications/subscriptions/acknowledged'
const envelope = (extensions: object = { [tasksExtension]: {} }) => ({
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, extensions },
})

let app: GatehouseApp
let far: RemoteServer
let count = 0

beforeAll(async () => {
  app = await GatehouseApp.start({
    env: { GATEHOUSE_TASKS__AFTER_SECONDS: '1', GATEHOUSE_LIMITS__CONCURRENCY: '1' },
  })
  await app.addRecorder('quick', '--trust')
  const fixture = join(root, 'test', 'support', 'tasks-fixture', 'main.ts')
  await app.ask('servers', 'add', 'own', '--sandbox', '0', '--trust', '--yes', '--', process.execPath, fixture)
  far = await tasksOverHttp()
  await app.ask('servers', 'add', 'far', '--url', far.url, '--trust', '--yes')
})
afterAll(async () => {
  await app?.end()
  await far?.stop()
})

async function newClient(): Promise<{ readonly name: string; readonly bridge: RawBridge }> {
  const name = `client-${++count}`
  await app.ask('clients', 'pair', name)
  return { name, bridge: app.bridge(name) }
}

const request = (bridge: RawBridge, method: string, params: object, extensions?: object) =>
  bridge.request(method, { ...params, _meta: envelope(extensions) })
async function taskOf(bridge: RawBridge, name: string, given: object = {}): Promise<string> {
  const { result, error } = await request(bridge, 'tools/call', { name, arguments: given })
  if (result?.resultType !== 'task') throw new Error(error?.message ?? `no task: ${JSON.stringify(result)}`)
  return String(result.taskId)
}
const listenTo = (bridge: RawBridge, taskIds: readonly string[], extensions?: object) =>
  bridge.send('subscriptions/listen', { notifications: { taskIds }, _meta: envelope(extensions) })
const told = (id: number, status: string) => (message: RawMessage) =>
  message.method === 'notifications/tasks' &&
  message.params?.status === status &&
  (message.params._meta as Record<string, unknown>)[subscriptionId] === id
const ackOf = (id: number) => (message: RawMessage) =>
  message.method === acknowledged &&
  (message.params?._meta as Record<string, unknown> | undefined)?.[subscriptionId] === id

/** The messages of a stream, to the one that is waited for; then it is left. */
async function eventsUntil({ body }: Response, isLast: (message: RawMessage) => boolean): Promise<RawMessage[]> {
  const heard: RawMessage[] = []
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    const events = text.split('\n\n')
    text = events.pop() ?? ''
    for (const event of events) if (/^data: /m.test(event)) heard.push(JSON.parse(event.replace(/^.*?^data: /ms, '')))
    if (heard.some(isLast)) break
  }
  return heard
}

describe('a client that listens to its tasks', () => {
  it('is told of each as it stands and as it ends, with the answer, and not of others’', async () => {
    const { bridge } = await newClient()
    const other = await newClient()
    const taskId = await taskOf(bridge, 'quick__slow', { ms: 2_500 })
    const id = listenTo(bridge, [taskId, 'ta_unknown'])
    expect((await bridge.find(ackOf(id))).params?.notifications).toEqual({ taskIds: [taskId] })
    expect((await bridge.find(told(id, 'working'))).params).toMatchObject({ taskId, ttlMs: expect.any(Number) })
    const strange = listenTo(other.bridge, [taskId])
    expect((await other.bridge.find(ackOf(strange))).params?.notifications).toEqual({})
    const { params } = await bridge.find(told(id, 'completed'))
    const { result } = await request(bridge, 'tasks/get', { taskId })
    expect({ ...result, resultType: undefined, _meta: undefined }).toEqual({ ...params, _meta: undefined })
    expect(params?.result).toMatchObject({ content: [{ text: 'late' }] })
    expect(other.bridge.messages.filter(({ method }) => method === 'notifications/tasks')).toEqual([])
  })

  it('is told of its questions, and of nothing after it stopped listening', async () => {
    const { bridge } = await newClient()
    const taskId = await taskOf(bridge, 'own__confirm_delete', { filename: 'a' })
    const id = listenTo(bridge, [taskId])
    const { params } = await bridge.find(told(id, 'input_required'))
    const [key = ''] = Object.keys(params?.inputRequests as object)
    const second = listenTo(bridge, [taskId])
    await bridge.find(ackOf(second))
    bridge.notify('notifications/cancelled', { requestId: id })
    const accepted = { [key]: { action: 'accept', content: { confirm: true } } }
    await request(bridge, 'tasks/update', { taskId, inputResponses: accepted })
    await bridge.find(told(second, 'completed'))
    expect(bridge.messages.some(told(id, 'completed'))).toBe(false)
  })

  it('is refused when it did not say that it uses tasks', async () => {
    const { bridge } = await newClient()
    const id = listenTo(bridge, ['ta_any'], {})
    expect((await bridge.answer(id)).error).toMatchObject({
      code: -32_021,
      data: { requiredCapabilities: { extensions: { [tasksExtension]: {} } } },
    })
  })

  it('is told over HTTP, too, on the stream it asked for', async () => {
    const { name, bridge } = await newClient()
    const { token } = await app.ask('clients', 'token', name)
    const post = (body: { method: string; params: object }) =>
      fetch(app.endpoint.mcpUrl, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          'mcp-protocol-version': '2026-07-28',
          'mcp-method': body.method,
        },
        body: JSON.stringify({ jsonrpc: '2.0', id: 'listen', ...body }),
      })
    const taskId = await taskOf(bridge, 'quick__slow', { ms: 2_500 })
    const listen = (extensions?: object) =>
      post({
        method: 'subscriptions/listen',
        params: { notifications: { taskIds: [taskId] }, _meta: envelope(extensions) },
      })
    const refused = await listen({})
    expect(refused.status).toBe(400)
    expect(await refused.json()).toMatchObject({ id: 'listen', error: { code: -32_021 } })
    const stream = await listen()
    expect(stream.headers.get('content-type')).toContain('text/event-stream')
    const heard = await eventsUntil(stream, ({ params }) => params?.status === 'completed')
    expect(heard.map(({ method }) => method)).toEqual([acknowledged, 'notifications/tasks', 'notifications/tasks'])
    expect(heard[0]?.params).toEqual({ notifications: { taskIds: [taskId] }, _meta: { [subscriptionId]: 'listen' } })
    expect(heard[2]?.params).toMatchObject({ taskId, result: { content: [{ text: 'late' }] } })
  })

  it('hears of another state in the words of 2025-11-25 when it is one of that revision', async () => {
    const bridge = await app.client(`client-${++count}`)
    const { result } = await bridge.request('tools/call', {
      name: 'quick__slow',
      arguments: { ms: 300 },
      task: { ttl: 60_000 },
    })
    const taskId = (result?.task as { taskId: string } | undefined)?.taskId
    const { params } = await bridge.find(({ method }) => method === 'notifications/tasks/status')
    expect(params).toMatchObject({ taskId, status: 'completed', ttl: 60_000 })
  })
})

describe('a server that makes tasks itself', () => {
  it.each(['own', 'far'])('(%s) lets other calls through while it works, and loses none', async (server) => {
    const { bridge } = await newClient()
    const taskId = await taskOf(bridge, `${server}__slow_compute`, { seconds: 2, label: 'this' })
    const greeted = await request(bridge, 'tools/call', { name: `${server}__greet`, arguments: { name: 'Ada' } })
    expect(greeted.result).toMatchObject({ content: [{ text: 'Hello, Ada!' }] })
    expect((await request(bridge, 'tasks/get', { taskId })).result).toMatchObject({ status: 'working' })
    const id = listenTo(bridge, [taskId])
    expect((await bridge.find(told(id, 'completed'))).params).toMatchObject({
      result: { content: [{ text: 'Computed this' }] },
    })
  })

  it('is asked, answered and cancelled on another computer as on this one', async () => {
    const { bridge } = await newClient()
    const asking = await taskOf(bridge, 'far__multi_input')
    const id = listenTo(bridge, [asking])
    const keysIn = ({ params }: RawMessage) => Object.keys((params?.inputRequests as object | undefined) ?? {})
    const both = (message: RawMessage) => told(id, 'input_required')(message) && keysIn(message).length === 2
    const keys = keysIn(await bridge.find(both))
    for (const key of keys) {
      const inputResponses = { [key]: { action: 'accept', content: {} } }
      await request(bridge, 'tasks/update', { taskId: asking, inputResponses })
    }
    expect((await bridge.find(told(id, 'completed'))).params).toMatchObject({
      result: { content: [{ text: 'Both are known' }] },
    })
    const endless = await taskOf(bridge, 'far__slow_compute', { seconds: 60, label: 'never' })
    await request(bridge, 'tasks/cancel', { taskId: endless })
    expect((await request(bridge, 'tasks/get', { taskId: endless })).result).toMatchObject({ status: 'cancelled' })
  })

  it('goes on over there through a restart of the app', async () => {
    const { bridge } = await newClient()
    const taskId = await taskOf(bridge, 'far__slow_compute', { seconds: 4, label: 'on' })
    await app.kill()
    await app.start()
    await request(bridge, 'server/discover', {})
    const id = listenTo(bridge, [taskId])
    expect((await bridge.find(told(id, 'completed'))).params).toMatchObject({
      result: { content: [{ text: 'Computed on' }] },
    })
  })
})
