import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { type RunningApp, runningApp } from '../support/running-app.ts'

const bundle = resolve(import.meta.dirname, '..', '..', 'dist', 'bridge.js')
let app: RunningApp
let mcpUrl: URL

beforeAll(async () => {
  app = await runningApp()
  mcpUrl = new URL(JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8')).mcpUrl)
})
afterAll(() => app?.end())

interface ShownSession {
  readonly id: string
  readonly client: string
  readonly door: string
  readonly state: string
  readonly protocol?: string
}
async function sessionsOf(client: string): Promise<ShownSession[]> {
  const { out } = await app.cli('sessions', 'list', '--json')
  const parsed = JSON.parse(out) as ShownSession[] | { sessions: ShownSession[] }
  return (Array.isArray(parsed) ? parsed : parsed.sessions).filter((one) => one.client === client)
}

async function paired(name: string): Promise<string> {
  expect(await app.operator('clients', 'pair', name, '--json')).toMatchObject({ code: 0 })
  return JSON.parse((await app.operator('clients', 'token', name, '--json')).out).token
}

async function overHttp(token: string, mode: 'legacy' | { pin: '2026-07-28' }): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } })
  const requestInit = { headers: { authorization: `Bearer ${token}` } }
  await client.connect(new StreamableHTTPClientTransport(mcpUrl, { requestInit }))
  return client
}

it('a bridge’s session shows its protocol from the first word, and that the bridge has left', async () => {
  await paired('editor')
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode: 'legacy' } })
  const args = [bundle, '--client', 'editor', '--home', app.home, '--no-start']
  await client.connect(new StdioClientTransport({ command: process.execPath, args }))
  expect(await sessionsOf('editor')).toMatchObject([{ door: 'bridge', state: 'active', protocol: '2025-11-25' }])
  await client.close()
  await vi.waitFor(async () => expect(await sessionsOf('editor')).toMatchObject([{ state: 'idle' }]), {
    timeout: 10_000,
    interval: 200,
  })
})

it.each([
  ['earlier', 'legacy'],
  ['newer', { pin: '2026-07-28' }],
] as const)('a revoked %s HTTP client lists nothing and calls nothing from that moment', async (name, mode) => {
  const client = await overHttp(await paired(name), mode)
  expect((await client.listTools()).tools.map((tool) => tool.name)).toContain('filesystem__read_file')
  expect(await app.operator('clients', 'revoke', name)).toMatchObject({ code: 0 })
  await expect(client.listTools()).rejects.toThrow()
  await expect(client.callTool({ name: 'filesystem__read_file', arguments: { path: '/x' } })).rejects.toThrow()
  expect(await sessionsOf(name)).toMatchObject([{ state: 'terminated' }])
  await client.close().catch(() => {})
})

it('a session the person ends is over for its HTTP client', async () => {
  const client = await overHttp(await paired('desk'), 'legacy')
  await client.listTools()
  const [session] = await sessionsOf('desk')
  expect(await app.operator('sessions', 'end', session?.id ?? '')).toMatchObject({ code: 0 })
  await expect(client.listTools()).rejects.toThrow()
  await client.close().catch(() => {})
})
