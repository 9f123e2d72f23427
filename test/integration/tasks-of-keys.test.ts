import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'

const envelope = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'script', version: '1' },
  'io.modelcontextprotocol/clientCapabilities': { extensions: { 'io.modelcontextprotocol/tasks': {} } },
}
type Task = Record<string, unknown> & { readonly taskId: string; readonly status: string }

/** A call made with an API key waits for the person, the app is killed meanwhile, and made again by the next start. */
describe('a task made with a confined API key, over a restart of the app', () => {
  let app: GatehouseApp

  beforeAll(async () => {
    app = await GatehouseApp.start({ env: { GATEHOUSE_TASKS__AFTER_SECONDS: '1' } })
    await app.addRecorder('notes')
    await app.addRecorder('mail')
    await app.ask('clients', 'pair', 'script')
  }, 180_000)
  afterAll(() => app?.end())

  const newKey = async (...options: string[]) =>
    (await app.ask('clients', 'token', 'script', ...options)) as { token: string }

  async function request(key: string, method: string, params: Record<string, unknown>): Promise<Task> {
    const answer = await fetch(app.endpoint.mcpUrl, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'application/json, text/event-stream',
        'content-type': 'application/json',
        'mcp-protocol-version': '2026-07-28',
        'mcp-method': method,
        'mcp-name': String(params.name ?? params.taskId),
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: envelope } }),
    })
    const text = await answer.text()
    const said = answer.headers.get('content-type')?.includes('event-stream')
      ? (text.split('\n').findLast((line) => line.startsWith('data: {')) ?? '').slice('data: '.length)
      : text
    const { result, error } = JSON.parse(said)
    if (!result) throw new Error(JSON.stringify(error))
    return result
  }
  const call = (key: string, server: string) =>
    request(key, 'tools/call', { name: `${server}__act`, arguments: { what: server } })
  const get = (key: string, { taskId }: Task) => request(key, 'tasks/get', { taskId })
  const ended = async (key: string, task: Task) => {
    await expect.poll(async () => (await get(key, task)).status, { timeout: 30_000 }).not.toBe('working')
    return get(key, task)
  }
  const idOfKey = async (scope: string) => {
    const { keys } = (await app.ask('clients', 'keys', 'script')) as { keys: { id: string; scopes?: string[] }[] }
    return String(keys.find(({ scopes }) => scopes?.includes(scope))?.id)
  }
  const onlyQuestion = async () => {
    const [question, ...others] = await app.pending()
    expect(others).toEqual([])
    return String(question?.id)
  }

  it('is carried out once, where the key allows it', async () => {
    const { token } = await newKey('--scope', 'servers:notes')
    const task = await call(token, 'notes')
    expect(task).toMatchObject({ resultType: 'task', status: 'working' })
    await app.kill()
    await app.start()
    await app.approve(await onlyQuestion())
    expect(await ended(token, task)).toMatchObject({ status: 'completed', result: { content: [{ text: 'done' }] } })
    expect(app.reached('notes')).toHaveLength(1)
    expect(JSON.stringify(await call(token, 'mail').catch(String))).toContain('servers:notes')
    expect(app.reached('mail')).toEqual([])
  })

  it('is not carried out once the key was taken back, though the person approves the call', async () => {
    const first = await newKey('--scope', 'servers:mail')
    const other = await newKey()
    const task = await call(first.token, 'mail')
    expect(task).toMatchObject({ status: 'working' })
    await app.kill()
    await app.start()
    const question = await onlyQuestion()
    await app.ask('clients', 'token', 'script', '--revoke', await idOfKey('servers:mail'))
    await app.cli('approvals', 'approve', question)
    await app.operator('approvals', 'approve', question)
    const outcome = await ended(other.token, task)
    expect(outcome.status).not.toBe('completed')
    expect(app.reached('mail')).toEqual([])
    await expect(get(first.token, task)).rejects.toThrow()
  })
})
