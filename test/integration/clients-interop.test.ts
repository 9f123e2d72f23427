import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as FirstHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registerMcpRoutes } from '../../main/gateway/streamable-http.ts'
import { type McpEndpoint, startMcpEndpoint } from '../../main/shells/mcp-endpoint.ts'
import { clientFilePath } from '../../shared/wire/client-file.ts'
import { bridgeBundle } from '../support/bridge-bundle.ts'
import { InTestGateway, text } from '../support/in-test-gateway.ts'

const run = promisify(execFile)
const inspector = join(resolve(import.meta.dirname, '..', '..'), 'node_modules', '.bin', 'mcp-inspector')
const inputSchema = { type: 'object' as const, properties: { a: { type: 'number' } } }
const closing: { close(): Promise<unknown> }[] = []
const requestInit = { headers: { authorization: 'Bearer good' } }
let gateway: InTestGateway
let endpoint: McpEndpoint
let command: { command: string; args: string[] }
let cancelled: Promise<void>

beforeEach(async () => {
  let told: () => void
  cancelled = new Promise((resolve) => {
    told = resolve
  })
  gateway = new InTestGateway([
    { kind: 'tool', definition: { name: 'echo', inputSchema }, answer: (call) => text(JSON.stringify(call.arguments)) },
    { kind: 'tool', definition: { name: 'fails', inputSchema }, answer: () => Promise.reject(new Error('no')) },
    {
      kind: 'tool',
      definition: { name: 'slow', inputSchema },
      answer: ({ peer, signal }) => {
        signal.addEventListener('abort', () => told())
        peer.progress({ progress: 1, total: 2 })
        return new Promise(() => {})
      },
    },
    {
      kind: 'resource',
      definition: { uri: 'demo://here', name: 'here' },
      answer: () => ({ kind: 'result', result: { contents: [{ uri: 'demo://here', text: 'content' }] } }),
    },
    {
      kind: 'prompt',
      definition: { name: 'greet', arguments: [{ name: 'who' }] },
      answer: (call) => ({
        kind: 'result',
        result: { messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(call.arguments) } }] },
      }),
    },
  ])
  closing.push(gateway)
  mkdirSync(join(gateway.home, 'clients'), { recursive: true })
  const file = { id: gateway.client.id, name: 'editor', secret: gateway.secret.toString('base64url') }
  writeFileSync(clientFilePath(join(gateway.home, 'clients'), 'editor'), JSON.stringify(file), { mode: 0o600 })
  await gateway.listen()
  const args = [await bridgeBundle(), '--client', 'editor', '--home', gateway.home, '--no-start']
  command = { command: process.execPath, args }
  endpoint = await startMcpEndpoint({ port: 0, registerMcp: (http) => registerMcpRoutes(http, gateway.httpParts()) })
  closing.push(endpoint)
})
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close()
})

type Door = (typeof doors)[number]
const url = () => new URL(`${endpoint.httpUrl}/mcp`)

async function aClient(door: Door, mode: 'legacy' | { pin: '2026-07-28' }): Promise<Client> {
  const client = new Client({ name: 'second', version: '1' }, { versionNegotiation: { mode } })
  const http = () => new StreamableHTTPClientTransport(url(), { requestInit })
  await client.connect(door === 'the bridge' ? new StdioClientTransport(command) : http())
  closing.push(client)
  return client
}

async function aFirstClient(door: Door): Promise<FirstClient> {
  const client = new FirstClient({ name: 'first', version: '1' })
  const http = () => new FirstHttp(url(), { requestInit }) as unknown as FirstStdio
  await client.connect(door === 'the bridge' ? new FirstStdio(command) : http())
  closing.push(client)
  return client
}

const doors = ['the bridge', 'the HTTP endpoint'] as const
describe.each(doors)('through %s', (door) => {
  it.each([
    ['2025', 'legacy'],
    ['2026', { pin: '2026-07-28' }],
  ] as const)('the SDK 2.x of %s lists, calls, reads, hears of errors and progress, and cancels', async (_, mode) => {
    const client = await aClient(door, mode)
    expect((await client.listTools()).tools).toHaveLength(3)
    expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: '{"a":1}' }],
    })
    expect(await client.readResource({ uri: 'demo://here' })).toMatchObject({ contents: [{ text: 'content' }] })
    expect(await client.getPrompt({ name: 'greet' })).toMatchObject({ messages: [{ role: 'user' }] })
    expect(await client.callTool({ name: 'fails' })).toMatchObject({ isError: true })
    await expect(client.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32_602 })
    const abort = new AbortController()
    const onprogress = () => abort.abort('enough')
    await expect(client.callTool({ name: 'slow' }, { signal: abort.signal, onprogress })).rejects.toThrow('enough')
    await cancelled
  })

  it('the SDK 1.x lists, calls, reads, hears of errors and progress, and cancels', async () => {
    const client = await aFirstClient(door)
    expect((await client.listTools()).tools).toHaveLength(3)
    expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({
      content: [{ text: '{"a":1}' }],
    })
    expect(await client.readResource({ uri: 'demo://here' })).toMatchObject({ contents: [{ text: 'content' }] })
    expect(await client.getPrompt({ name: 'greet' })).toMatchObject({ messages: [{ role: 'user' }] })
    expect(await client.callTool({ name: 'fails' })).toMatchObject({ isError: true })
    await expect(client.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32_602 })
    const abort = new AbortController()
    const options = { signal: abort.signal, onprogress: () => abort.abort('enough') }
    await expect(client.callTool({ name: 'slow' }, undefined, options)).rejects.toThrow('enough')
    await cancelled
  })

  /** A start of the Inspector costs a second: each method through one door, and in the full run through both. */
  const asked = [
    ['tools/list', [], { tools: [{ name: 'echo' }, { name: 'fails' }, { name: 'slow' }] }],
    ['tools/call', ['--tool-name', 'echo', '--tool-arg', 'a=1'], { content: [{ text: '{"a":1}' }] }],
    ['resources/list', [], { resources: [{ uri: 'demo://here' }] }],
    ['resources/read', ['--uri', 'demo://here'], { contents: [{ text: 'content' }] }],
    ['prompts/list', [], { prompts: [{ name: 'greet' }] }],
    [
      'prompts/get',
      ['--prompt-name', 'greet', '--prompt-args', 'who=you'],
      { messages: [{ content: { text: '{"who":"you"}' } }] },
    ],
  ] as const
  const itsTurn = (at: number) => process.env.GATEHOUSE_TEST_FULL === '1' || doors[at % doors.length] === door
  it.each(asked.filter((_, at) => itsTurn(at)))(
    'the Inspector gets the answer to %s',
    async (method, options, answer) => {
      const http = [url().href, '--transport', 'http', '--header', 'Authorization: Bearer good']
      const target = door === 'the bridge' ? [command.command, ...command.args] : http
      const { stdout } = await run(inspector, ['--cli', ...target, '--method', method, ...options])
      expect(JSON.parse(stdout)).toMatchObject(answer)
    },
  )
})
