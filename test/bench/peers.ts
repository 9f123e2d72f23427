import { type ChildProcess, spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { HttpLine } from './http-line.ts'
import { type Line, StdioLine } from './stdio-line.ts'
import { WsLine } from './ws-line.ts'

const node = process.execPath
const modules = join(import.meta.dirname, '../../node_modules')
export const everything = join(modules, '@modelcontextprotocol/server-everything/dist/index.js')

/** A line, the processes between client and server, and how they end. */
export interface Measured {
  readonly line: Line
  readonly tool: string
  readonly between: readonly number[]
  readonly end: () => Promise<void> | void
}

const measured = (
  line: Line,
  between: readonly (ChildProcess | undefined)[],
  more: () => void = () => {},
): Measured => ({
  line,
  tool: 'echo',
  between: between.map((child) => child?.pid ?? 0),
  end: async () => {
    await line.close()
    more()
  },
})

export async function directLine(): Promise<Measured> {
  return measured(await new StdioLine('direct', node, [everything, 'stdio']).connect(), [])
}

/** A bridge and a daemon that do nothing. */
export async function floorLine(folder: string): Promise<Measured> {
  const relay = join(import.meta.dirname, 'floor-relay.mjs')
  const socket = join(folder, 'floor.sock')
  const daemon = spawn(node, [relay, 'daemon', socket, node, everything, 'stdio'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await new Promise((resolve) => daemon.stdout?.once('data', resolve))
  const line = await new StdioLine('floor', node, [relay, 'bridge', socket]).connect()
  return measured(line, [daemon, line.process], () => daemon.kill())
}

/** The chain most products recommend: mcp-remote → mcp-proxy → stdio. */
export async function chainLine(folder: string): Promise<Measured> {
  const { proxy, port } = await mcpProxy()
  const env = { ...process.env, MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote') }
  const remote = join(modules, 'mcp-remote/dist/proxy.js')
  const args = [remote, `http://127.0.0.1:${port}/mcp`, '--allow-http', '--transport', 'http-only']
  const line = await new StdioLine('chain', node, args, env).connect()
  return measured(line, [proxy, line.process], () => proxy.kill())
}

/** What makes a stdio server reachable and does nothing else: the best of them is the one to beat. */
export async function plainForwarders(): Promise<readonly Measured[]> {
  const { proxy, port } = await mcpProxy()
  const http = await new HttpLine('mcp-proxy', `http://127.0.0.1:${port}/mcp`).connect()
  const streamable = await supergateway('streamableHttp', ['--stateful'])
  const toStreamable = await new HttpLine('supergateway HTTP', `http://127.0.0.1:${streamable.port}/mcp`).connect()
  const socket = await supergateway('ws', [])
  const toSocket = await new WsLine('supergateway ws', `ws://127.0.0.1:${socket.port}/message`).connect()
  return [
    measured(http, [proxy], () => proxy.kill()),
    measured(toStreamable, [streamable.gateway], () => streamable.gateway.kill()),
    measured(toSocket, [socket.gateway], () => socket.gateway.kill()),
  ]
}

async function mcpProxy() {
  const port = await freePort()
  const program = join(modules, 'mcp-proxy/dist/bin/mcp-proxy.mjs')
  const args = [program, '--port', String(port), '--host', '127.0.0.1', '--', node, everything, 'stdio']
  const proxy = spawn(node, args, { stdio: 'ignore' })
  await listening(`http://127.0.0.1:${port}/ping`)
  return { proxy, port }
}

async function supergateway(transport: 'streamableHttp' | 'ws', more: readonly string[]) {
  const port = await freePort()
  const program = join(modules, 'supergateway/dist/index.js')
  const args = ['--stdio', `${node} ${everything} stdio`, '--outputTransport', transport, '--port', String(port)]
  const gateway = spawn(node, [program, ...args, '--logLevel', 'none', '--healthEndpoint', '/healthz', ...more], {
    stdio: 'ignore',
  })
  await listening(`http://127.0.0.1:${port}/healthz`)
  return { gateway, port }
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function listening(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`nothing answers at ${url}`)
}
