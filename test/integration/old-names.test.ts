import { afterAll, beforeAll, expect, it } from 'vitest'
import { GatehouseApp } from '../support/gatehouse-app.ts'

let app: GatehouseApp
beforeAll(async () => {
  app = await GatehouseApp.start()
  await app.addRecorder('free', '--trust')
})
afterAll(() => app?.end())

it('takes old method names of the client it was told to, over the bridge and HTTP, and says who uses them', async () => {
  const bridge = await app.client('ancient')
  const { token } = await app.ask('clients', 'token', 'ancient')
  const call = { tool_name: 'free__act', tool_arguments: { note: 'old' } }
  expect((await bridge.request('execute_tool', call)).error).toMatchObject({ code: -32_601 })
  const listed = async () => {
    const { clients } = (await app.ask('clients', 'list')) as { clients: { name: string; deprecated?: string[] }[] }
    return clients.find(({ name }) => name === 'ancient')
  }
  expect((await listed())?.deprecated).toEqual(['old-names'])
  await app.ask('clients', 'old-names', 'ancient')
  expect((await bridge.request('execute_tool', call)).result).toMatchObject({ content: [{ text: 'done' }] })
  const { result } = await bridge.request('list_tools')
  expect(JSON.stringify(result)).toContain('free__act')
  expect(app.reached('free').map(({ args }) => args)).toEqual([{ note: 'old' }])
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    accept: 'application/json, text/event-stream',
  }
  const post = (body: object, more = {}) =>
    fetch(app.endpoint.mcpUrl, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, ...body }),
    })
  const clientInfo = { name: 'old', version: '1' }
  const opened = await post({
    method: 'initialize',
    params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo },
  })
  const answer = await post(
    { method: 'execute_tool', params: call },
    { 'mcp-session-id': opened.headers.get('mcp-session-id') },
  )
  expect(await answer.text()).toContain('done')
  await app.ask('clients', 'old-names', 'ancient', '--off')
  expect((await bridge.request('list_tools')).error).toMatchObject({ code: -32_601 })
})
