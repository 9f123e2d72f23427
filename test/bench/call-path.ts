/**
 * What the call path costs, in one run: the same bare client and the same echo over five lines, interleaved in rounds.
 * Ratios count; absolute times are this machine's.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GatehouseUnderTest } from './gatehouse-under-test.ts'
import { HttpLine } from './http-line.ts'
import { median, proportionalSetMb, quantile } from './statistics.ts'
import { type Line, StdioLine } from './stdio-line.ts'

const root = join(import.meta.dirname, '../..')
const modules = join(root, 'node_modules')
const everything = join(modules, '@modelcontextprotocol/server-everything/dist/index.js')
const node = process.execPath
const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 8
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-bench-relay-'))
const ending: (() => Promise<void> | void)[] = [() => rmSync(folder, { recursive: true, force: true })]

interface Case {
  readonly bytes: number
  readonly inFlight: number
  readonly calls: number
}
const cases: readonly Case[] = [
  { bytes: 1024, inFlight: 1, calls: 300 },
  { bytes: 1024, inFlight: 8, calls: 600 },
  { bytes: 1024, inFlight: 64, calls: 2000 },
  { bytes: 100 * 1024, inFlight: 1, calls: 40 },
]

async function floorLine(): Promise<Line> {
  const socket = join(folder, 'floor.sock')
  const daemon = spawn(
    node,
    [join(import.meta.dirname, 'floor-relay.mjs'), 'daemon', socket, node, everything, 'stdio'],
    { stdio: ['ignore', 'pipe', 'ignore'] },
  )
  ending.push(() => void daemon.kill())
  await new Promise((resolve) => daemon.stdout.once('data', resolve))
  return new StdioLine('floor', node, [join(import.meta.dirname, 'floor-relay.mjs'), 'bridge', socket]).connect()
}

/** The chain most products recommend: mcp-remote → mcp-proxy → stdio. */
async function chainLine(): Promise<Line> {
  const port = await freePort()
  const proxy = spawn(
    node,
    [
      join(modules, 'mcp-proxy/dist/bin/mcp-proxy.mjs'),
      '--port',
      String(port),
      '--host',
      '127.0.0.1',
      '--',
      node,
      everything,
      'stdio',
    ],
    { stdio: 'ignore' },
  )
  ending.push(() => void proxy.kill())
  await listening(port)
  const home = { ...process.env, MCP_REMOTE_CONFIG_DIR: join(folder, 'mcp-remote') }
  return new StdioLine(
    'chain',
    node,
    [
      join(modules, 'mcp-remote/dist/proxy.js'),
      `http://127.0.0.1:${port}/mcp`,
      '--allow-http',
      '--transport',
      'http-only',
    ],
    home,
  ).connect()
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => probe.once('listening', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise((resolve) => probe.close(resolve))
  return port
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const answered = await fetch(`http://127.0.0.1:${port}/ping`).then(
      () => true,
      () => false,
    )
    if (answered) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('mcp-proxy did not start')
}

/** @returns each call's milliseconds and the calls a second of the whole batch */
async function batch(
  line: Line,
  tool: string,
  { bytes, inFlight, calls }: Case,
): Promise<{ times: number[]; perSecond: number }> {
  const message = 'x'.repeat(bytes)
  const times: number[] = []
  let left = calls
  const started = performance.now()
  const worker = async () => {
    while (left-- > 0) {
      const begun = performance.now()
      const answer = await line.request('tools/call', { name: tool, arguments: { message } })
      times.push(performance.now() - begun)
      const text = answer.result?.content?.[0]?.text ?? ''
      if (!text.includes(message)) throw new Error(`${line.name}: ${JSON.stringify(answer).slice(0, 300)}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return { times, perSecond: (calls / (performance.now() - started)) * 1000 }
}

/** Milliseconds from the start of a process to its first tools/list answer. */
async function connectMs(make: () => StdioLine): Promise<number> {
  const begun = performance.now()
  const line = await make().connect()
  const answer = await line.request('tools/list', {})
  const ms = performance.now() - begun
  if (!answer.result?.tools?.length) throw new Error(`${line.name}: no tools: ${JSON.stringify(answer).slice(0, 300)}`)
  await line.close()
  return ms
}

async function emptyNodeMs(): Promise<number> {
  const begun = performance.now()
  const child = spawn(node, ['-e', ''], { stdio: 'ignore' })
  await new Promise((resolve) => child.once('exit', resolve))
  return performance.now() - begun
}

async function main(): Promise<void> {
  const gatehouse = await new GatehouseUnderTest().start()
  ending.push(() => gatehouse.stop())
  gatehouse.cli('servers', 'add', 'everything', '--trust', '--yes', '--', node, everything, 'stdio')
  gatehouse.cli('clients', 'pair', 'bench')
  const { token } = gatehouse.cli('clients', 'token', 'bench') as { token: string }
  const bridge = () =>
    new StdioLine(
      'gatehouse bridge',
      node,
      [join(root, 'dist/bridge.js'), '--client', 'bench', '--home', gatehouse.home],
      gatehouse.environment,
    )

  const gatehouseBridge = bridge()
  const lines: [Line, string][] = [
    [await new StdioLine('direct', node, [everything, 'stdio']).connect(), 'echo'],
    [await floorLine(), 'echo'],
    [await gatehouseBridge.connect(), 'everything__echo'],
    [await new HttpLine('gatehouse HTTP', gatehouse.endpoint.mcpUrl, token).connect(), 'everything__echo'],
    [await chainLine(), 'echo'],
  ]
  ending.push(
    ...lines.map(
      ([line]) =>
        () =>
          line.close(),
    ),
  )

  const memory = () =>
    [gatehouse.pid, gatehouseBridge.process.pid ?? 0].reduce(
      (sum, pid) => sum + (proportionalSetMb((file) => readFileSync(file, 'utf8'), pid) ?? 0),
      0,
    )
  for (const [line, tool] of lines) await batch(line, tool, { bytes: 1024, inFlight: 8, calls: 200 }) // warm-up
  const memoryAtRest = memory()

  const table: Record<string, unknown>[] = []
  for (const one of cases) {
    const samples = new Map(lines.map(([line]) => [line.name, { times: [] as number[], perSecond: [] as number[] }]))
    for (let round = 0; round < rounds; round++) {
      for (const [line, tool] of lines) {
        const { times, perSecond } = await batch(line, tool, one)
        samples.get(line.name)?.times.push(...times)
        samples.get(line.name)?.perSecond.push(perSecond)
      }
    }
    for (const [name, { times, perSecond }] of samples) {
      table.push({
        line: name,
        ...one,
        medianUs: Math.round(median(times) * 1000),
        p99Us: Math.round(quantile(times, 0.99) * 1000),
        perSecond: Math.round(median(perSecond)),
      })
    }
  }
  const memoryAfter = memory()
  const connects: number[] = []
  const empties: number[] = []
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    empties.push(await emptyNodeMs())
    connects.push(await connectMs(bridge))
  }
  report(table, { memoryAtRest, memoryAfter, connectMs: median(connects), emptyNodeMs: median(empties) })
}

function report(
  table: Record<string, unknown>[],
  more: { memoryAtRest: number; memoryAfter: number; connectMs: number; emptyNodeMs: number },
): void {
  const at = (line: string, bytes: number, inFlight: number) =>
    table.find((row) => row.line === line && row.bytes === bytes && row.inFlight === inFlight) as {
      medianUs: number
      perSecond: number
    }
  const added = (line: string) => at(line, 1024, 1).medianUs - at('direct', 1024, 1).medianUs
  const figures = [
    ['added median ÷ what the floor adds', added('gatehouse bridge') / added('floor'), '≤ 4'],
    ['added median ÷ what the chain adds', added('gatehouse bridge') / added('chain'), '≤ 0.2'],
    ['added median through the bridge, µs', added('gatehouse bridge'), ''],
    ['calls/s at 64 in flight, bridge', at('gatehouse bridge', 1024, 64).perSecond, '≥ 5000'],
    ['100 KB call ÷ direct', at('gatehouse bridge', 102_400, 1).medianUs / at('direct', 102_400, 1).medianUs, ''],
    ['bridge to first tools/list above an empty Node, ms', more.connectMs - more.emptyNodeMs, '≤ 60'],
    ['memory of bridge + kernel at rest, MB PSS', more.memoryAtRest, '≤ 180'],
    ['memory of bridge + kernel after the run, MB PSS', more.memoryAfter, ''],
  ] as const
  console.table(table)
  console.table(figures.map(([what, value, bar]) => ({ what, value: Math.round(value * 100) / 100, bar })))
  const file = join(root, 'dist', 'bench-call-path.json')
  if (existsSync(join(root, 'dist'))) writeFileSync(file, JSON.stringify({ table, figures, ...more }, null, 2))
}

try {
  await main()
} finally {
  for (const end of ending.reverse()) await end()
}
