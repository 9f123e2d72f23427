import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GatehouseApp, root } from '../support/gatehouse-app.ts'
import { openWindow } from '../support/open-window.ts'
import { operatorPassphrase } from '../support/running-app.ts'

const secret = 'ghp_0123456789abcdefghijABCDEFGHIJ456789'
const farSecret = 'far-0123456789abcdef'
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')

let app: GatehouseApp
let far: FarServer
const at = (...parts: string[]) => join(app.folder, 'person', ...parts)
const read = (...parts: string[]) => readFileSync(at(...parts), 'utf8')
const write = (text: string, ...parts: string[]) => {
  mkdirSync(dirname(at(...parts)), { recursive: true })
  writeFileSync(at(...parts), text)
}
const codexText = '# mine\nmodel = "o5"\n'
const cursorText = (url: string) =>
  JSON.stringify(
    {
      mcpServers: {
        'Every Thing': {
          command: process.execPath,
          args: [everything],
          env: { GITHUB_TOKEN: secret, MODE: 'quiet', KEY: '$' + '{env:KEY}' },
        },
        broken: { command: '/nowhere/at-all', args: [] },
        far: { url, headers: { Authorization: `Bearer ${farSecret}`, Accept: '*/*' } },
        'over there': { url: 'http://example.com/mcp' },
      },
    },
    null,
    2,
  )

interface FarServer {
  readonly url: string
  /** The Authorization header of every request, in order. */
  readonly shown: (string | undefined)[]
  close(): void
}

/** An MCP server at an address, with one tool. */
async function farServer(): Promise<FarServer> {
  const shown: (string | undefined)[] = []
  const http = createServer((request, response) => {
    shown.push(request.headers.authorization)
    const server = new McpServer({ name: 'far', version: '1' })
    server.registerTool('look', { description: 'Looks.' }, () => ({ content: [{ type: 'text', text: 'seen' }] }))
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true })
    void server.connect(transport as never).then(() => transport.handleRequest(request, response))
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`, shown, close: () => http.close() }
}

beforeAll(async () => {
  app = new GatehouseApp()
  far = await farServer()
  write(codexText, '.codex', 'config.toml')
  write(cursorText(far.url), '.cursor', 'mcp.json')
  await app.start({ env: { HOME: at(), XDG_CONFIG_HOME: at('.config'), CODEX_HOME: undefined } })
})
afterAll(async () => {
  far.close()
  await app.end()
})

/** Every file below a folder that holds this text. */
function filesWith(text: string, folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => readFileSync(file).includes(text))
}

describe('gatehouse clients', () => {
  it('detect is free, and says no secret', async () => {
    const { code, out } = await app.cli('clients', 'detect', '--json')
    expect(code).toBe(0)
    const { apps } = JSON.parse(out)
    expect(apps.filter((one: { id: string }) => ['codex', 'cursor'].includes(one.id))).toMatchObject([
      {
        id: 'cursor',
        connected: false,
        servers: [{ name: 'Every Thing' }, { name: 'broken' }, { name: 'far', kind: 'url' }, {}],
      },
      { id: 'codex', connected: false, servers: [] },
    ])
    expect(out).not.toContain(secret)
  })

  it('connect changes nothing without the person, or without agreement', async () => {
    const alone = await app.cli('clients', 'connect', 'codex', '--yes')
    expect(alone.code).toBe(1)
    expect(alone.err).toContain('+[mcp_servers.gatehouse]')
    const unasked = await app.operator('clients', 'connect', 'codex')
    expect(unasked.code).toBe(2)
    expect(read('.codex', 'config.toml')).toBe(codexText)
  })

  it('connect writes an entry that works as it stands, the app being paired', async () => {
    const made = await app.ask('clients', 'connect', 'codex', '--yes')
    expect(made).toMatchObject({ app: 'codex', file: at('.codex', 'config.toml') })
    const [, command = ''] = /^command = "(.+)"$/m.exec(read('.codex', 'config.toml')) ?? []
    expect(command).toBe(join(app.home, 'bin', 'gatehouse-bridge'))
    const client = new Client({ name: 'codex', version: '1' })
    await client.connect(new StdioClientTransport({ command, args: ['--client', 'codex'], stderr: 'ignore' }))
    expect((await client.listTools()).tools.map(({ name }) => name)).toContain('filesystem__read_text_file')
    await client.close()
  })

  it('disconnect puts the file back byte for byte and shuts the app out', async () => {
    await app.ask('clients', 'disconnect', 'codex', '--yes')
    expect(read('.codex', 'config.toml')).toBe(codexText)
    const { clients } = await app.ask('clients', 'list')
    expect(clients).toMatchObject([{ name: 'codex', state: 'revoked' }])
  })

  it('asks in the window, naming the file, when there is no passphrase', async () => {
    const window = await openWindow(app)
    try {
      const asked = window.event('approvals.asked')
      const asking = app.cli('clients', 'connect', 'codex', '--yes')
      const { id, subject } = await asked
      expect(subject).toMatchObject({ kind: 'verb', verb: 'apps connect' })
      expect(JSON.stringify(subject)).toContain(at('.codex', 'config.toml'))
      expect(read('.codex', 'config.toml')).toBe(codexText)
      await window.confirm(operatorPassphrase)
      expect(await window.ask('approvals.decide', { id, decision: 'allow' })).toMatchObject({ ok: true })
      expect((await asking).code).toBe(0)
      expect(read('.codex', 'config.toml')).toContain('[mcp_servers.gatehouse]')
    } finally {
      window.close()
    }
  })

  it('import shows what would run, and starts nothing before it is agreed to', async () => {
    const { code, err } = await app.operator('clients', 'import', 'cursor')
    expect(code).toBe(2)
    expect(err).toContain(`“Every Thing” would run as every-thing:`)
    expect(err).toContain(everything)
    expect(err).toContain('to keychain  GITHUB_TOKEN')
    expect(err).toContain('gatehouse secrets set every-thing KEY')
    expect(err).toContain(far.url)
    expect(err).toContain('to keychain  AUTHORIZATION')
    expect(err).toContain('“over there” cannot be imported')
    expect(err).not.toContain(secret)
    expect(err).not.toContain(farSecret)
    expect(far.shown).toEqual([])
    const { servers } = (await app.ask('servers', 'list')) as { servers: { name: string }[] }
    expect(servers.map(({ name }) => name)).toEqual(['filesystem', 'memory'])
  })

  it('import moves secrets into the keychain, keeps a missing program switched off, and takes their place', async () => {
    const done = await app.operator('clients', 'import', 'cursor', '--yes', '--replace', '--json')
    expect(JSON.parse(done.out).servers).toMatchObject([
      { name: 'Every Thing', as: 'every-thing', added: true },
      { name: 'broken', as: 'broken', added: true },
      { name: 'far', as: 'far', added: true },
    ])
    expect(new Set(far.shown)).toEqual(new Set([`Bearer ${farSecret}`]))
    const { tools } = await app.ask('tools', 'list', '--server', 'far')
    expect(tools).toMatchObject([{ name: 'far__look' }])
    const { secrets } = await app.ask('secrets', 'list')
    expect(secrets).toMatchObject([
      { server: 'every-thing', name: 'GITHUB_TOKEN' },
      { server: 'far', name: 'AUTHORIZATION' },
    ])
    const { servers } = await app.ask('servers', 'list')
    expect(servers).toContainEqual(expect.objectContaining({ name: 'broken', state: 'disabled' }))
    const own = ['filesystem', 'memory']
    expect((servers as { name: string }[]).map(({ name }) => name)).toEqual(['broken', 'every-thing', 'far', ...own])
    const { mcpServers } = JSON.parse(read('.cursor', 'mcp.json'))
    expect(Object.keys(mcpServers).sort()).toEqual(['gatehouse', 'over there'])
    const copy = readdirSync(join(app.home, 'backups')).find((name) => name.includes('cursor')) ?? ''
    for (const one of [secret, farSecret]) expect(filesWith(one, app.home)).toEqual([join(app.home, 'backups', copy)])
  })

  it('uninstall restores every app’s file', async () => {
    const { out, code } = await app.operator('uninstall', '--yes')
    expect(code).toBe(0)
    expect(out).toContain(at('.cursor', 'mcp.json'))
    expect(read('.cursor', 'mcp.json')).toBe(cursorText(far.url))
    expect(read('.codex', 'config.toml')).toBe(codexText)
  })
})
