import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { Client } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FirstClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FirstStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { clientFilePath } from '../../shared/wire/client-file.ts'
import { bridgeBundle } from '../support/bridge-bundle.ts'
import { InTestGateway, text } from '../support/in-test-gateway.ts'

const run = promisify(execFile)
const inspector = join(resolve(import.meta.dirname, '..', '..'), 'node_modules', '.bin', 'mcp-inspector')
const inputSchema = { type: 'object' as const }
const closing: { close(): Promise<unknown> }[] = []
let gateway: InTestGateway
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
  ])
  mkdirSync(join(gateway.home, 'clients'), { recursive: true })
  const file = { id: gateway.client.id, name: 'editor', secret: gateway.secret.toString('base64url') }
  writeFileSync(clientFilePath(join(gateway.home, 'clients'), 'editor'), JSON.stringify(file), { mode: 0o600 })
  await gateway.listen()
  const args = [await bridgeBundle(), '--client', 'editor', '--home', gateway.home, '--no-start']
  command = { command: process.execPath, args }
  closing.push(gateway)
})
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one.close()
})

async function aClient(kind: '1.x' | '2.x, 2025' | '2.x, 2026'): Promise<Client> {
  if (kind === '1.x') {
    const first = new FirstClient({ name: 'first', version: '1' })
    await first.connect(new FirstStdio(command))
    closing.push(first)
    return first as unknown as Client
  }
  const mode = kind === '2.x, 2026' ? ({ pin: '2026-07-28' } as const) : ('legacy' as const)
  const client = new Client({ name: 'second', version: '1' }, { versionNegotiation: { mode } })
  await client.connect(new StdioClientTransport(command))
  closing.push(client)
  return client
}

it.each(['2.x, 2025', '2.x, 2026'] as const)('serves the SDK %s: list, call, error, progress, cancel', async (kind) => {
  const client = await aClient(kind)
  expect((await client.listTools()).tools).toHaveLength(3)
  expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({ content: [{ text: '{"a":1}' }] })
  expect(await client.callTool({ name: 'fails' })).toMatchObject({ isError: true })
  const abort = new AbortController()
  const onprogress = () => abort.abort('enough')
  await expect(client.callTool({ name: 'slow' }, { signal: abort.signal, onprogress })).rejects.toThrow('enough')
  await cancelled
})

it('serves the SDK 1.x: list, call, error, progress, cancel', async () => {
  const client = (await aClient('1.x')) as unknown as FirstClient
  expect((await client.listTools()).tools).toHaveLength(3)
  expect(await client.callTool({ name: 'echo', arguments: { a: 1 } })).toMatchObject({ content: [{ text: '{"a":1}' }] })
  expect(await client.callTool({ name: 'fails' })).toMatchObject({ isError: true })
  const abort = new AbortController()
  const onprogress = () => abort.abort('enough')
  await expect(client.callTool({ name: 'slow' }, undefined, { signal: abort.signal, onprogress })).rejects.toThrow(
    'enough',
  )
  await cancelled
})

it('serves the Inspector', async () => {
  const target = ['--cli', command.command, ...command.args]
  const listed = await run(inspector, [...target, '--method', 'tools/list'])
  expect(JSON.parse(listed.stdout).tools).toHaveLength(3)
})
