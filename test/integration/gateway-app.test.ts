import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
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

const ping = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'server/discover', params: {} })
const speaks = `
  const { MCP_URL: url, MCP_KEY: key } = process.env
  const headers = { authorization: 'Bearer ' + key, 'content-type': 'application/json', accept: 'application/json, text/event-stream' }
  const answer = await fetch(url, { method: 'POST', headers, body: ${JSON.stringify(ping)} })
  const socket = new WebSocket(url.replace('http', 'ws') + '/ws', ['mcp', 'bearer.' + key])
  const opened = await new Promise((resolve) => { socket.onopen = () => resolve('open'); socket.onerror = () => resolve('refused') })
  console.log(JSON.stringify({ status: answer.status, body: await answer.text(), opened }))
  process.exit(0)
`
const spoken = async (executable: string, token: string) => {
  const env = { MCP_URL: mcpUrl.href, MCP_KEY: token }
  const child = spawn(executable, ['--input-type=module', '-e', speaks], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  return JSON.parse(await text(child.stdout)) as { status: number; body: string; opened: string }
}

/** A program of its own: another file with Node's bytes. */
function anotherProgram(): string {
  const file = join(mkdtempSync(join(tmpdir(), 'gatehouse-other-')), 'other')
  copyFileSync(process.execPath, file)
  return file
}

async function openQuestion(): Promise<{ id: string; title: string }> {
  const open = async () => {
    const { approvals } = JSON.parse((await app.cli('approvals', 'list', '--json')).out)
    return approvals.filter(({ state }: { state: string }) => state === 'pending')
  }
  await vi.waitFor(async () => expect(await open()).toHaveLength(1), { timeout: 10_000, interval: 200 })
  return (await open())[0]
}

describe.runIf(process.platform === 'linux')('an API key from another program than before', () => {
  const other = anotherProgram()
  afterAll(() => rmSync(dirname(other), { recursive: true, force: true }))

  it('waits for the person, who sees both programs, and is let in once they agree', async () => {
    const token = await paired('script')
    expect(await spoken(process.execPath, token)).toMatchObject({ opened: 'open' })
    const asked = spoken(other, token)
    const { id, title } = await openQuestion()
    expect(title).toBe('Another program uses the API key of script')
    expect(JSON.parse((await app.operator('approvals', 'show', id, '--json')).out)).toMatchObject({
      program: { executable: other },
      subject: { previous: { executable: process.execPath } },
    })
    expect(await app.operator('approvals', 'approve', id, '--json')).toMatchObject({ code: 0 })
    expect(await asked).toMatchObject({ opened: 'open' })
    const { clients } = JSON.parse((await app.cli('clients', 'list', '--json')).out)
    const [key] = clients.find(({ name }: { name: string }) => name === 'script').tokens
    expect(key.programs.map(({ executable }: { executable: string }) => executable)).toEqual([process.execPath, other])
    expect((await app.cli('clients', 'list')).out).toContain(other)
  })

  it('opens neither HTTP nor a WebSocket when the person refuses, and that is on record', async () => {
    const token = await paired('guarded')
    await spoken(process.execPath, token)
    const asked = spoken(other, token)
    expect(await app.operator('approvals', 'deny', (await openQuestion()).id)).toMatchObject({ code: 0 })
    const { status, body, opened } = await asked
    expect([status, opened]).toEqual([403, 'refused'])
    expect(body).toContain('was used by another program until now')
    const { entries } = JSON.parse((await app.operator('audit', 'list', '--json')).out)
    expect(entries.map(({ action }: { action: string }) => action)).toContain('key.refused')
  })
})
