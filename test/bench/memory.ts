/**
 * The memory with 100 000 concepts and 500 000 relations, through its thread as the app uses it. To hold: a hybrid query's 95th
 * percentile 50 ms, an insert 5 ms, a subgraph of depth 2 20 ms, the database 1.5 GB, the process's growth 300 MB, and no stall
 * of the main thread over 50 ms, also while it consolidates.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { Memory } from '../../main/memory/memory.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import type { Provenance } from '../../shared/domain/memory.ts'
import { aRandom, aWorld } from './memory-world.ts'
import { quantile } from './statistics.ts'

const concepts = Number(process.argv[2] ?? 100_000)
const relations = concepts * 5
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
const by: Provenance = { client: 'cli', clientName: 'bench', labels: [] }
const world = aWorld(concepts, aRandom(7))

const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
const atRestMb = residentMb()
const memories = new Memory({ folder, script: resolve('dist/memory-worker.js'), onEvent: () => {} })
const memory = memories.in(defaultWorkspace)
const file = memories.fileOf(defaultWorkspace)

const filling = performance.now()
for (let from = 0; from < concepts; from += 2_000)
  await memory.createEntities(world.entities(from, Math.min(concepts, from + 2_000)), by)
for (let from = 0; from < relations; from += 10_000)
  await memory.createRelations(world.links(Math.min(10_000, relations - from)), by)
const fillS = (performance.now() - filling) / 1000

async function timed(times: number, act: (at: number) => Promise<unknown>): Promise<number[]> {
  const taken: number[] = []
  for (let at = 0; at < times; at++) {
    const began = performance.now()
    await act(at)
    taken.push(performance.now() - began)
  }
  return taken
}

const stalls = monitorEventLoopDelay({ resolution: 1 })
stalls.enable()
await timed(20, () => memory.recall({ text: world.question() }))
const queries = await timed(300, () => memory.recall({ text: world.question() }))
const filtered = await timed(50, () => memory.recall({ text: world.question(), filter: { types: [world.type()] } }))
const inserts = await timed(300, (at) => memory.createEntities(world.entities(concepts + at, concepts + at + 1), by))
const added = await timed(100, (at) => {
  const [entity] = world.entities(concepts + 1_000 + at, concepts + 1_001 + at)
  return memory.addConcept({ name: entity?.name ?? '', type: 'added', observations: entity?.observations ?? [] }, by)
})
const subgraphs = await timed(200, () => memory.subgraph([world.name()], 2, 50))
const searches = await timed(20, () => memory.searchNodes(world.name()))
stalls.disable()
const grownMb = residentMb() - atRestMb
const { sizeBytes } = await memory.overview()
await memories.stop()
const onDisk = statSync(file).size
rmSync(folder, { recursive: true })

const p = (values: readonly number[], share: number) => Math.round(quantile(values, share) * 100) / 100
const row = (what: string, values: readonly number[], most?: number) => ({
  what,
  'median ms': p(values, 0.5),
  '95th ms': p(values, 0.95),
  bar: most === undefined ? '' : `≤ ${most}`,
  held: most === undefined ? '' : p(values, 0.95) <= most ? 'yes' : 'NO',
})
const one = (what: string, value: number, most?: number) => ({
  what,
  'median ms': Math.round(value * 10) / 10,
  '95th ms': '',
  bar: most === undefined ? '' : `≤ ${most}`,
  held: most === undefined ? '' : value <= most ? 'yes' : 'NO',
})
const rows = [
  row('hybrid query', queries, 50),
  row('  of one type', filtered),
  row('insert', inserts, 5),
  row('add with its relations found', added),
  row('subgraph, depth 2', subgraphs, 20),
  row('exact search', searches),
  one('longest stall of the main thread, ms', stalls.max / 1e6, 50),
  one('database, MB', onDisk / 1e6, 1500),
  one('growth of the process, MB', grownMb, 300),
  one('seconds to fill', fillS),
]
console.table(rows)
console.log(JSON.stringify({ concepts, relations, sizeBytes, rows }))
process.exitCode = rows.some(({ held }) => held === 'NO') ? 1 : 0
