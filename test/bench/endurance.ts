/**
 * What stays true for long: many clients at once whose answers are checked by content, and the app's resident size over
 * many calls. `--minutes N` (10), `--clients N` (50), `--calls N` for the memory part (100 000).
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { GatehouseUnderTest } from './gatehouse-under-test.ts'
import { median, quantile, slope } from './statistics.ts'
import { StdioLine } from './stdio-line.ts'

const root = join(import.meta.dirname, '../..')
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js')
const node = process.execPath
const minutes = option('minutes', 10)
const clients = option('clients', 50)
const measuredCalls = option('calls', 100_000)
/**
 * Calls before memory is measured: at least as many, then until it stands still. Code is compiled, buffers have their size,
 * the database its page cache, the collector its rhythm.
 */
const fewestWarmUpCalls = measuredCalls
const mostWarmUpCalls = 4 * measuredCalls
/** Often enough that the collector’s rhythm, some thousand calls long, is no slope. */
const samples = 400
/** Bytes a call by which resident size may grow over a quarter of the measured calls for it to stand still. */
const standingStillBytes = 20

function option(name: string, usual: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`))
  return given === undefined ? usual : Number(given.slice(name.length + 3))
}

const residentBytes = (pid: number) =>
  Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024

async function connected(gatehouse: GatehouseUnderTest, name: string): Promise<StdioLine> {
  gatehouse.cli('clients', 'pair', name)
  const args = [join(root, 'dist/bridge.js'), '--client', name, '--home', gatehouse.home]
  return new StdioLine(name, node, args, gatehouse.environment).connect()
}

/** One call whose answer can be nobody else's. @returns milliseconds */
async function call(line: StdioLine, mark: string): Promise<number> {
  const begun = performance.now()
  const message = `${line.name} ${mark} ${'x'.repeat(1024)}`
  const answer = await line.request('tools/call', { name: 'everything__echo', arguments: { message } })
  const text = answer.result?.content?.[0]?.text
  if (text !== `Echo: ${message}`) throw new Error(`${line.name} ${mark} got ${JSON.stringify(answer).slice(0, 200)}`)
  return performance.now() - begun
}

async function inParallel(line: StdioLine, calls: number, inFlight: number, prefix: string): Promise<void> {
  let left = calls
  const worker = async () => {
    while (left-- > 0) await call(line, `${prefix}${left}`)
  }
  await Promise.all(Array.from({ length: inFlight }, worker))
}

/** @returns how many calls it took until resident size stood still */
async function warmedUp(gatehouse: GatehouseUnderTest, line: StdioLine): Promise<number> {
  const quarter = measuredCalls / 4
  let calls = 0
  for (;;) {
    const points: [number, number][] = []
    for (let sample = 0; sample < samples / 4; sample++) {
      await inParallel(line, measuredCalls / samples, 64, `warm ${calls} `)
      calls += measuredCalls / samples
      points.push([calls, residentBytes(gatehouse.pid)])
    }
    const stands = Math.abs(slope(points)) <= standingStillBytes
    if (calls >= mostWarmUpCalls || (stands && calls >= fewestWarmUpCalls + quarter)) return calls
  }
}

/** @returns bytes of resident size gained per call */
async function growth(
  gatehouse: GatehouseUnderTest,
): Promise<{ warmUpCalls: number; slopeBytes: number; fromMb: number; toMb: number }> {
  const line = await connected(gatehouse, 'bench-growth')
  const warmUpCalls = await warmedUp(gatehouse, line)
  const points: [number, number][] = []
  for (let sample = 0; sample < samples; sample++) {
    await inParallel(line, measuredCalls / samples, 64, `${sample} `)
    points.push([((sample + 1) * measuredCalls) / samples, residentBytes(gatehouse.pid)])
  }
  await line.close()
  const mb = (at: number) => (points.at(at)?.[1] ?? 0) / 1024 / 1024
  return { warmUpCalls, slopeBytes: slope(points), fromMb: mb(0), toMb: mb(-1) }
}

/** @returns how many calls were answered, each with its own content */
async function soak(gatehouse: GatehouseUnderTest): Promise<{ calls: number; medianMs: number; p99Ms: number }> {
  const lines: StdioLine[] = []
  for (let index = 0; index < clients; index++) lines.push(await connected(gatehouse, `bench-${index}`))
  const end = performance.now() + minutes * 60_000
  const times: number[] = []
  let calls = 0
  await Promise.all(
    lines.map(async (line) => {
      for (let count = 0; performance.now() < end; count++) {
        const took = await call(line, String(count))
        if (calls++ % 50 === 0) times.push(took)
      }
    }),
  )
  await Promise.all(lines.map((line) => line.close()))
  return { calls, medianMs: median(times), p99Ms: quantile(times, 0.99) }
}

const gatehouse = await new GatehouseUnderTest().start()
try {
  gatehouse.cli('servers', 'add', 'everything', '--trust', '--yes', '--', node, everything, 'stdio')
  const memory = await growth(gatehouse)
  const soaked = await soak(gatehouse)
  const verified = gatehouse.cli('audit', 'verify')
  const figures = [
    ['resident bytes gained a call', memory.slopeBytes, '≤ 20'],
    ['calls before it was measured', memory.warmUpCalls, ''],
    ['resident MB at the first and last sample', `${memory.fromMb.toFixed(0)} → ${memory.toMb.toFixed(0)}`, ''],
    [`calls of ${clients} clients in ${minutes} min, none lost or crossed`, soaked.calls, ''],
    ['median of these, ms', soaked.medianMs, ''],
    ['99th percentile of these, ms', soaked.p99Ms, ''],
    ['audit entries intact afterwards', verified.checked, `valid: ${verified.valid}`],
  ] as const
  console.table(figures.map(([what, value, bar]) => ({ what, value, bar })))
  writeFileSync(join(root, 'dist/bench-endurance.json'), JSON.stringify({ memory, soaked, verified }, null, 2))
} finally {
  await gatehouse.stop()
}
