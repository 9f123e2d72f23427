import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'
import type { RawBridge, RawMessage } from '../support/raw-bridge.ts'

const tasksExtension = 'io.modelcontextprotocol/tasks'
const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { elicitation: {}, extensions: { [tasksExtension]: {} } },
}
const over = ['completed', 'failed', 'cancelled']
type Task = Record<string, unknown> & { readonly taskId: string; readonly status: string }

/** What a 2025-11-25 client is answered. */
function taskIn({ result, error }: RawMessage): Task {
  if (!result?.task) throw new Error(error?.message ?? 'no task')
  return result.task as Task
}

/** A 2026-07-28 client that uses tasks. */
class TaskClient {
  constructor(readonly bridge: RawBridge) {}

  request = (method: string, params: object = {}): Promise<RawMessage> =>
    this.bridge.request(method, { ...params, _meta: envelope })

  async call(name: string, given: object = {}): Promise<Task> {
    const { result, error } = await this.request('tools/call', { name, arguments: given })
    if (!result) throw new Error(error?.message)
    return result as Task
  }

  async get(taskId: string): Promise<Task> {
    const { result, error } = await this.request('tasks/get', { taskId })
    if (!result) throw new Error(`${error?.code} ${error?.message}`)
    return result as Task
  }

  async until(taskId: string, isReached: (task: Task) => boolean): Promise<Task> {
    for (;;) {
      const task = await this.get(taskId)
      if (isReached(task)) return task
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }

  ended = (taskId: string) => this.until(taskId, ({ status }) => over.includes(status))
}

describe('calls of a client that uses tasks', () => {
  let app: GatehouseApp
  let client: TaskClient
  let count = 0

  beforeAll(async () => {
    app = await GatehouseApp.start({ env: { GATEHOUSE_TASKS__AFTER_SECONDS: '1' } })
    await app.addRecorder('quick', '--trust')
    await app.addRecorder('asked')
    client = await newClient()
  })
  afterAll(() => app?.end())

  async function newClient(): Promise<TaskClient> {
    const name = `client-${++count}`
    await app.ask('clients', 'pair', name)
    return new TaskClient(app.bridge(name))
  }

  it('are answered at once when they are quick, and become a task when they are not', async () => {
    const first = await client.call('quick__act') // starts the server, which may take longer than a quick call
    if (first.taskId) await client.ended(first.taskId)
    expect(await client.call('quick__slow', { ms: 1 })).toMatchObject({ content: [{ text: 'late' }] })
    const created = await client.call('quick__slow', { ms: 1_500 })
    expect(created).toMatchObject({ resultType: 'task', status: 'working', ttlMs: 86_400_000 })
    expect(await client.get(created.taskId)).toMatchObject({ status: 'working', resultType: 'complete' })
    expect(await client.ended(created.taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'late' }] },
    })
    expect(app.reached('quick').filter(({ args }) => args?.ms === 1_500)).toHaveLength(1)
    const { entries } = await app.ask('audit', 'list')
    const own = (entries as { tool?: string; client?: string; action: string }[]).filter(
      ({ client: who, action }) => who === 'client-1' && action === 'tools/call',
    )
    expect(own).toHaveLength(3)
    const { tasks } = await app.ask('tasks', 'list')
    expect(tasks).toContainEqual(expect.objectContaining({ id: created.taskId, state: 'completed' }))
    expect(await app.ask('tasks', 'show', created.taskId)).toMatchObject({ result: { content: [{ text: 'late' }] } })
  })

  it('are unknown to every other client', async () => {
    const { taskId } = await client.call('quick__slow', { ms: 60_000 })
    const other = await newClient()
    for (const method of ['tasks/get', 'tasks/cancel'])
      expect((await other.request(method, { taskId })).error).toMatchObject({ code: -32_602 })
    expect((await other.request('tasks/update', { taskId, inputResponses: {} })).error).toMatchObject({ code: -32_602 })
    expect(await app.ask('tasks', 'cancel', taskId)).toMatchObject({ cancelled: true })
    expect(await client.get(taskId)).toMatchObject({ status: 'cancelled' })
  })

  it('fail clearly when their server dies, and say that something may have happened', async () => {
    const { taskId } = await client.call('quick__slow', { ms: 60_000 })
    await client.call('quick__crash')
    expect(await client.ended(taskId)).toMatchObject({
      status: 'failed',
      statusMessage: expect.stringContaining('may or may not have had an effect'),
      error: { data: { 'gatehouse/code': 'server.crashed' } },
    })
  })

  it('wait for the person as a task, through a kill of the app, and are carried out once', async () => {
    const { taskId } = await client.call('asked__act', { note: count })
    expect(await client.get(taskId)).toMatchObject({
      status: 'working',
      statusMessage: 'Waiting for the user to allow this in Gatehouse.',
    })
    const running = await client.call('quick__slow', { ms: 60_001 })
    const [question] = await app.pending()
    await app.kill()
    await app.start()
    const again = await client.get(taskId)
    expect(again).toMatchObject({ status: 'working' })
    expect(await client.get(running.taskId)).toMatchObject({
      status: 'failed',
      statusMessage: expect.stringContaining('may or may not have had an effect'),
    })
    expect((await app.pending()).map(({ id }) => id)).toEqual([question?.id])
    expect(app.reached('asked')).toEqual([])
    await app.approve(String(question?.id))
    expect(await client.ended(taskId)).toMatchObject({ status: 'completed', result: { content: [{ text: 'done' }] } })
    expect(app.reached('asked')).toHaveLength(1)
    expect(app.reached('quick').filter(({ args }) => args?.ms === 60_001)).toHaveLength(1)
  })

  it('hand out ids and questions of their own for a server that makes tasks itself', async () => {
    const main = join(root, 'test', 'support', 'tasks-fixture', 'main.ts')
    await app.ask('servers', 'add', 'own', '--sandbox', '0', '--trust', '--yes', '--', process.execPath, main)
    const { taskId } = await client.call('own__multi_input')
    expect(taskId).toMatch(/^ta_/)
    const asking = await client.until(taskId, ({ status }) => status === 'input_required')
    const keys = Object.keys(asking.inputRequests as object)
    expect(keys).toHaveLength(2)
    for (const key of keys) {
      const answers = { [key]: { action: 'accept', content: { name: 'Ada' } } }
      const { result } = await client.request('tasks/update', { taskId, inputResponses: answers })
      expect(result).toMatchObject({ resultType: 'complete' })
    }
    expect(await client.ended(taskId)).toMatchObject({
      status: 'completed',
      result: { content: [{ text: 'Both are known' }] },
    })
  })

  it('are tasks of 2025-11-25 for a client that asks for one', async () => {
    const name = `client-${++count}`
    const earlier = await app.client(name)
    const made = await earlier.request('tools/call', {
      name: 'quick__slow',
      arguments: { ms: 300 },
      task: { ttl: 60_000 },
    })
    const { taskId } = taskIn(made)
    expect(made.result?.task).toMatchObject({ status: 'working', ttl: 60_000, pollInterval: 1_000 })
    expect((await earlier.request('tasks/get', { taskId })).result).toMatchObject({ taskId, status: 'working' })
    const { result } = await earlier.request('tasks/result', { taskId })
    expect(result).toMatchObject({
      content: [{ text: 'late' }],
      _meta: { 'io.modelcontextprotocol/related-task': { taskId } },
    })
    expect((await earlier.request('tasks/list')).result).toMatchObject({ tasks: [{ taskId, status: 'completed' }] })
    const running = await earlier.request('tools/call', { name: 'quick__slow', arguments: { ms: 60_000 }, task: {} })
    const second = taskIn(running).taskId
    expect((await earlier.request('tasks/cancel', { taskId: second })).result).toMatchObject({ status: 'cancelled' })
    expect((await earlier.request('tasks/cancel', { taskId: second })).error).toMatchObject({ code: -32_602 })
  })
})
