import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BearerRelay, bearerRelay } from '../support/bearer-relay.ts'
import { type RunningApp, runningApp } from '../support/running-app.ts'

/** As the package of the 1.x SDK ships them; the 2.x packages ship none. */
const examples = resolve(import.meta.dirname, '../../node_modules/@modelcontextprotocol/sdk/dist/esm/examples')
const run = promisify(execFile)
/** What the SDK's client says of the stream it ends itself, also without Gatehouse. */
const ownGoodbye = /SSE stream disconnected: AbortError/

describe('the SDK’s own examples', () => {
  let app: RunningApp
  let mcpUrl: string
  let token: string
  const servers: ChildProcess[] = []
  const relays: BearerRelay[] = []

  beforeAll(async () => {
    app = await runningApp()
    mcpUrl = JSON.parse((await app.cli('status', '--json')).out).mcpUrl
    await done('clients', 'pair', 'examples', '--json')
    token = JSON.parse((await done('clients', 'token', 'examples', '--json')).out).token
  })
  afterAll(async () => {
    await Promise.all(relays.map((relay) => relay.close()))
    for (const server of servers) server.kill('SIGKILL')
    await app?.end()
  })

  async function done(...verb: string[]) {
    const said = await app.operator(...verb)
    expect([said.code, said.code === 0 ? '' : said.err]).toEqual([0, ''])
    return said
  }
  const allowed = async (name: string) => {
    for (const client of ['cli', 'examples'])
      await done('permissions', 'allow', '--client', client, '--tool', `${name}__*`)
  }
  async function localServer(name: string, file: string) {
    const command = ['--', process.execPath, join(examples, 'server', file)]
    await done('servers', 'add', name, '--sandbox', '0', '--yes', ...command)
    await allowed(name)
  }
  async function remoteServer(name: string, file: string, portName: string) {
    const port = await freePort()
    const server = spawn(process.execPath, [join(examples, 'server', file)], {
      env: { ...process.env, [portName]: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    servers.push(server)
    for await (const line of createInterface({ input: server.stdout })) if (line.includes(String(port))) break
    await answering(port)
    await done('servers', 'add', name, '--url', `http://localhost:${port}/mcp`, '--yes')
    await allowed(name)
  }
  const called = async (tool: string, args: object) =>
    JSON.parse((await done('call', tool, '--args', JSON.stringify(args), '--json')).out)

  it.each([
    ['schema', 'mcpServerOutputSchema.js', 'get_weather', { city: 'Iași', country: 'RO' }],
    ['progress', 'progressExample.js', 'count', { n: 3 }],
  ] as const)('server over stdio: %s (%s) answers with all it says', async (name, file, tool, args) => {
    await localServer(name, file)
    const answer = await called(`${name}__${tool}`, args)
    expect(answer.isError).toBe(false)
    if (name === 'schema') {
      expect(answer.structuredContent).toMatchObject({ wind: { speed_kmh: expect.any(Number) } })
      expect(JSON.parse(answer.content[0].text)).toEqual(answer.structuredContent)
    }
  })

  it.each([
    ['json', 'honoWebStandardStreamableHttp.js', 'MCP_PORT'],
    ['forms', 'elicitationFormExample.js', 'PORT'],
    ['full', 'simpleStreamableHttp.js', 'MCP_PORT'],
  ])('server over Streamable HTTP: %s (%s) is added, listed and asked', async (name, file, portName) => {
    await remoteServer(name, file, portName)
    const { tools } = JSON.parse((await app.cli('tools', 'list', '--server', name, '--json')).out)
    expect(tools.length).toBeGreaterThan(0)
    if (name === 'forms') return // every tool of it asks the person first
    const answer = await called(`${name}__greet`, { name: 'Ada' })
    expect(answer.content[0].text).toContain('Ada')
  })

  it.each([
    ['parallelToolCallsClient.js', /Started sending periodic notifications|Notification/],
    ['multipleClientsParallel.js', /Tool call completed/],
    ['streamableHttpWithSseFallbackClient.js', /Notification/],
  ])('client %s works with an example server behind Gatehouse', async (file, words) => {
    const relay = await bearerRelay(mcpUrl.replace(/\/mcp$/, '/mcp/servers/full'), token)
    relays.push(relay)
    const { stdout, stderr } = await run(process.execPath, [join(examples, 'client', file), relay.url], {
      timeout: 60_000,
    })
    expect(stdout).toMatch(words)
    expect(stdout).toMatch(/Periodic notification #\d|periodic notification #\d/i)
    const complaints = (stdout + stderr).split('\n').filter((line) => !ownGoodbye.test(line))
    expect(complaints.join('\n')).not.toMatch(/Error running|Client error|\] Error:/)
  })
})

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return port
}

/** Some say where they listen before they do. */
async function answering(port: number): Promise<void> {
  const asked = () =>
    fetch(`http://localhost:${port}/mcp`, { method: 'GET' }).then(
      () => true,
      () => false,
    )
  await expect.poll(asked, { timeout: 10_000 }).toBe(true)
}
