import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { json, type RoughServer, roughServer, said } from '../support/remote-servers/rough-server.ts'
import { operatorPassphrase, type RunningApp, runningApp } from '../support/running-app.ts'

const planted = 'planted-7d1f-remote-secret'

describe('a remote server in the running app', () => {
  let app: RunningApp
  let server: RoughServer
  let client: Client

  beforeAll(async () => {
    server = await roughServer({
      'tools/call': (response, heard) => json(response, said(heard, `you are ${heard.headers.authorization}`)),
    })
    app = await runningApp()
  })
  afterAll(async () => {
    await client?.close()
    await app?.end()
    await server?.close()
  })

  it('is shown before it is connected to, and waits for its secret', async () => {
    const header = ['--header', 'Authorization=Bearer secret:TOKEN']
    const shown = await app.operator('servers', 'add', 'far', '--url', server.url, ...header)
    expect(shown.code).toBe(2)
    expect(shown.err).toContain(server.url)
    expect(shown.err).toContain('localhost:')
    expect(shown.err).toContain('127.0.0.1')
    expect(shown.err).toContain('headers      Authorization')
    const added = await app.operator('servers', 'add', 'far', '--url', server.url, ...header, '--trust', '--yes')
    expect(added.out).toContain('gatehouse secrets set far TOKEN')
    expect(server.heard).toEqual([])
  })

  it('is connected to once it has its secret, reviewed, and called through the kernel', async () => {
    await secretSet('far', 'TOKEN', planted)
    expect(await app.operator('servers', 'enable', 'far')).toMatchObject({ code: 0 })
    expect(await app.operator('servers', 'review', 'far', '--accept')).toMatchObject({ code: 0 })
    expect((await app.cli('servers', 'list')).out).toMatch(/far +\S+ +remote/)
    client = await connected()
    const { tools } = await client.listTools()
    expect(tools.map(({ name }) => name)).toContain('far__do')
    const reply = await client.callTool({ name: 'far__do', arguments: {} })
    expect(server.heard.at(-1)?.headers.authorization).toBe(`Bearer ${planted}`)
    expect(JSON.stringify(reply)).not.toContain(planted)
    const { out } = await app.cli('audit', 'list', '--json')
    expect(out).toContain('far__do')
  })

  it('has its secret in no file, listing or log', async () => {
    const told = await Promise.all(
      [
        ['servers', 'inspect', 'far', '--json'],
        ['servers', 'logs', 'far'],
        ['secrets', 'list', '--json'],
      ].map(async (verb) => (await app.operator(...verb)).out),
    )
    const files = filesUnder(app.home).filter((file) => readFileSync(file).includes(planted))
    expect(told.join('').includes(planted)).toBe(false)
    expect(files).toEqual([])
  })

  it('is led elsewhere only after the person saw what changes; its secret stays, its trust ends', async () => {
    const next = await roughServer({
      'tools/call': (response, heard) => json(response, said(heard, 'here I am')),
    })
    try {
      const shown = await app.operator('servers', 'set', 'far', '--url', next.url)
      expect(shown.code).toBe(2)
      expect(shown.err).toContain(`Address: ${server.url} → ${next.url}`)
      expect(shown.err).toContain('Your secrets TOKEN go to')
      expect(next.heard).toEqual([])
      expect((await app.cli('servers', 'set', 'far', '--url', next.url, '--yes')).code).toBe(1)
      expect(next.heard).toEqual([])
      expect(await app.operator('servers', 'set', 'far', '--url', next.url, '--yes')).toMatchObject({ code: 0 })
      expect(next.heard.at(-1)?.headers.authorization).toBe(`Bearer ${planted}`)
      const before = server.heard.length
      const inspected = JSON.parse((await app.cli('servers', 'inspect', 'far', '--json')).out)
      expect(inspected).toMatchObject({ command: next.url, trusted: false, secretNames: ['TOKEN'] })
      expect(server.heard).toHaveLength(before)
      const back = await app.operator('servers', 'set', 'far', '--url', server.url, '--yes', '--json')
      expect(JSON.parse(back.out)).toMatchObject({ command: server.url, state: expect.any(String) })
    } finally {
      await next.close()
    }
  })

  it('is kept, with its problem, when nobody answers where it leads now', async () => {
    const set = await app.operator('servers', 'set', 'far', '--url', 'http://localhost:1/mcp', '--yes', '--json')
    expect(JSON.parse(set.out).problem).toBe('nothing answers at its address.')
    expect(await app.operator('servers', 'set', 'far', '--url', server.url, '--yes')).toMatchObject({ code: 0 })
  })

  it.each([
    ['http://example.com/mcp', 'only https://'],
    ['https://user:pass@example.com/mcp', 'no user and no password'],
    ['file:///etc/passwd', 'starts with https://'],
  ])('is not added as %s', async (url, words) => {
    const refused = await app.operator('servers', 'add', 'other', '--url', url, '--yes')
    expect(refused.code).not.toBe(0)
    expect(refused.err).toContain(words)
  })

  it('takes no secret as an argument', async () => {
    const refused = await app.operator('servers', 'add', 'other', '--url', server.url, '--header', `X-Key=${planted}`)
    expect(refused.code).toBe(2)
    expect(refused.err).toContain('never a value')
  })

  async function secretSet(name: string, key: string, value: string): Promise<void> {
    const cli = join(import.meta.dirname, '../../dist/cli.js')
    const set = spawn(process.execPath, [cli, '--home', app.home, 'secrets', 'set', name, key], {
      env: { ...process.env, GATEHOUSE_OPERATOR_PASSPHRASE: operatorPassphrase },
      stdio: ['pipe', 'ignore', 'pipe'],
      detached: true,
    })
    set.stdin.end(value)
    const [complaint, [code]] = await Promise.all([text(set.stderr), once(set, 'close')])
    expect({ code, complaint }).toMatchObject({ code: 0 })
  }

  async function connected(): Promise<Client> {
    expect(await app.operator('clients', 'pair', 'editor', '--json')).toMatchObject({ code: 0 })
    const { token } = JSON.parse((await app.operator('clients', 'token', 'editor', '--json')).out)
    const { mcpUrl } = JSON.parse(readFileSync(join(app.home, 'run', 'endpoint.json'), 'utf8'))
    const made = new Client({ name: 'editor', version: '1' })
    const requestInit = { headers: { authorization: `Bearer ${token}` } }
    await made.connect(new StreamableHTTPClientTransport(new URL(mcpUrl), { requestInit }))
    return made
  }
})

const filesUnder = (folder: string): string[] =>
  readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    const found = statSync(path, { throwIfNoEntry: false })
    if (found?.isDirectory()) return filesUnder(path)
    return found?.isFile() ? [path] : []
  })
