/**
 * What the call path costs, in one run: the same bare client and the same echo over every line, interleaved in rounds.
 * Ratios count; absolute times are this machine's. `--quick`: fewer rounds.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bars } from './bars.ts'
import { GatehouseUnderTest } from './gatehouse-under-test.ts'
import { HttpLine } from './http-line.ts'
import { chainLine, directLine, everything, floorLine, type Measured, plainForwarders } from './peers.ts'
import { processorUs, proportionalSetMb } from './processes.ts'
import { median, quantile } from './statistics.ts'
import { type Line, StdioLine } from './stdio-line.ts'

const root = join(import.meta.dirname, '../..')
const node = process.execPath
const quick = process.argv.includes('--quick')
const rounds = quick ? 3 : 8
const manyTools = 400
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
export interface Row extends Case {
  readonly line: string
  readonly medianUs: number
  readonly p99Us: number
  readonly perSecond: number
  /** Processor time a call of what lies between client and server. */
  readonly ownUs: number
}

/** @returns each call's milliseconds and the calls a second of the whole batch */
async function batch({ line, tool }: Measured, { bytes, inFlight, calls }: Case, toolOf = (_: number) => tool) {
  const message = 'x'.repeat(bytes)
  const times: number[] = []
  let left = calls
  const started = performance.now()
  const worker = async () => {
    while (left-- > 0) {
      const begun = performance.now()
      const answer = await line.request('tools/call', { name: toolOf(left), arguments: { message } })
      times.push(performance.now() - begun)
      const text = answer.result?.content?.[0]?.text ?? ''
      if (!text.includes(message)) throw new Error(`${line.name}: ${JSON.stringify(answer).slice(0, 300)}`)
    }
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
  return { times, perSecond: (calls / (performance.now() - started)) * 1000 }
}

async function measure(lines: readonly Measured[], one: Case): Promise<Row[]> {
  const samples = lines.map(() => ({ times: [] as number[], perSecond: [] as number[], ownUs: [] as number[] }))
  for (let round = 0; round < rounds; round++) {
    for (const [index, line] of lines.entries()) {
      const before = processorUs(line.between)
      const { times, perSecond } = await batch(line, one)
      samples[index]?.ownUs.push((processorUs(line.between) - before) / one.calls)
      samples[index]?.times.push(...times)
      samples[index]?.perSecond.push(perSecond)
    }
  }
  return samples.map(({ times, perSecond, ownUs }, index) => ({
    line: lines[index]?.line.name ?? '',
    ...one,
    medianUs: Math.round(median(times) * 1000),
    p99Us: Math.round(quantile(times, 0.99) * 1000),
    perSecond: Math.round(median(perSecond)),
    ownUs: Math.round(median(ownUs)),
  }))
}

/** Median microseconds by which a call is slower whose verdict is not known yet. */
async function uncachedUs(gatehouse: GatehouseUnderTest, bridge: Line): Promise<number> {
  const command = [node, join(import.meta.dirname, 'many-echoes.mjs'), String(manyTools)]
  const allowed = ['--allow-path', `${import.meta.dirname}:ro`]
  gatehouse.cli('servers', 'add', 'many', '--trust', '--yes', ...allowed, '--', ...command)
  const line = { line: bridge, tool: '', between: [], end: () => {} }
  const each = () => batch(line, { bytes: 1024, inFlight: 1, calls: manyTools }, (left) => `many__echo-${left + 1}`)
  await each() // schemas are compiled
  gatehouse.cli('permissions', 'ask', '--client', 'nobody', '--tool', 'many__nothing') // forgets every verdict
  const uncached = await each()
  const cached = await each()
  gatehouse.cli('servers', 'remove', 'many')
  return (median(uncached.times) - median(cached.times)) * 1000
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
  const bridgeArgs = [join(root, 'dist/bridge.js'), '--client', 'bench', '--home', gatehouse.home]
  const newBridge = () => new StdioLine('gatehouse bridge', node, bridgeArgs, gatehouse.environment)

  const line = await newBridge().connect()
  const own = [gatehouse.pid, line.process.pid ?? 0]
  const bridge: Measured = { line, tool: 'everything__echo', between: own, end: () => line.close() }
  ending.push(bridge.end)
  const memory = { atRestMb: 0, afterMb: 0 }
  await batch(bridge, { bytes: 1024, inFlight: 8, calls: 200 })
  await new Promise((resolve) => setTimeout(resolve, 15_000))
  memory.atRestMb = proportionalSetMb(own)
  await batch(bridge, { bytes: 1024, inFlight: 8, calls: 10_000 })
  memory.afterMb = proportionalSetMb(own)

  const http = await new HttpLine('gatehouse HTTP', gatehouse.endpoint.mcpUrl, token).connect()
  const lines: Measured[] = [
    await directLine(),
    await floorLine(folder),
    bridge,
    { ...bridge, line: http, between: [gatehouse.pid], end: () => http.close() },
    await chainLine(folder),
  ]
  const forwarders = await plainForwarders()
  lines.push(...forwarders)
  ending.push(...lines.map(({ end }) => end))
  for (const one of lines) await batch(one, { bytes: 1024, inFlight: 8, calls: 200 }) // warm-up

  const table: Row[] = []
  for (const one of cases) {
    const able = one.bytes > 1024 ? lines.filter((line) => !forwarders.includes(line)) : lines // theirs end at 100 KB
    table.push(...(await measure(able, one)))
  }
  const uncached = await uncachedUs(gatehouse, line)
  const connects: number[] = []
  const empties: number[] = []
  for (let round = 0; round < (quick ? 5 : 15); round++) {
    empties.push(await emptyNodeMs())
    connects.push(await connectMs(newBridge))
  }
  report(table, bars(table, { uncachedUs: uncached, memory, connectMs: median(connects) - median(empties) }))
}

function report(table: readonly Row[], figures: ReturnType<typeof bars>): void {
  console.table(table)
  console.table(figures)
  const file = join(root, 'dist', 'bench-call-path.json')
  if (existsSync(join(root, 'dist'))) writeFileSync(file, JSON.stringify({ table, figures }, null, 2))
}

try {
  await main()
} finally {
  for (const end of ending.reverse()) await end()
}
