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
import type { Consolidation, Entity, Link, Provenance } from '../../shared/domain/memory.ts'
import { type Asked, qualityOf } from '../support/retrieval-quality.ts'
import { retrievalSet } from '../support/retrieval-set.ts'
import { aRandom, aWorld } from './memory-world.ts'
import { quantile } from './statistics.ts'
import { wordNetSet } from './wordnet-set.ts'

const concepts = Number(process.argv[2] ?? 100_000)
const relations = concepts * 5
/** A folder that is kept, and used again when it is filled already. */
const kept = process.argv[3]
const folder = kept ?? mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
const by: Provenance = { client: 'cli', clientName: 'bench', labels: [] }
const world = aWorld(concepts, aRandom(7))

const residentMb = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? 0) / 1024
const atRestMb = residentMb()
const memories = new Memory({
  folder,
  script: resolve('dist/memory-worker.js'),
  readerScript: resolve('dist/memory-file-reader.js'),
  onEvent: () => {},
})
const memory = memories.in(defaultWorkspace)
const file = memories.fileOf(defaultWorkspace)

const filling = performance.now()
const filled = (await memory.overview()).concepts >= concepts
for (let from = 0; from < concepts; from += 1_000) {
  const some = world.entities(from, Math.min(concepts, from + 1_000))
  if (!filled) await memory.createEntities(some, by)
}
for (let from = 0; from < relations && !filled; from += 5_000)
  await memory.createRelations(world.links(Math.min(5_000, relations - from)), by)
await memory.embedded()
const fillS = (performance.now() - filling) / 1000
const fresh = Date.now()

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
const another = (at: number) =>
  world.entities(concepts + at, concepts + at + 1).map((one) => ({ ...one, name: `${one.name} ${fresh}` }))
const inserts = await timed(300, (at) => memory.createEntities(another(at), by))
const added = await timed(100, (at) => {
  const [entity] = another(1_000 + at)
  return memory.addConcept({ name: entity?.name ?? '', type: 'added', observations: entity?.observations ?? [] }, by)
})
const subgraphs = await timed(200, () => memory.subgraph([world.name()], 2, 50))
const searches = await timed(20, () => memory.searchNodes(world.name()))
const busy = monitorEventLoopDelay({ resolution: 1 })
busy.enable()
let tidied: Consolidation | undefined
const tidying = memory.consolidate(by).then((done) => {
  tidied = done
})
const meanwhile: number[] = []
while (!tidied) meanwhile.push(...(await timed(1, () => memory.recall({ text: world.question() }))))
await tidying
busy.disable()
stalls.disable()
const grownMb = residentMb() - atRestMb
await memories.stop()
const onDisk = statSync(file).size
if (!kept) rmSync(folder, { recursive: true })

const wordNet = wordNetSet('verb', 23)
/** One set written with the code, one of WordNet’s example sentences. */
const quality = [
  ['written', await measured(retrievalSet.concepts, retrievalSet.relations, retrievalSet.questions)],
  ['WordNet verbs', await measured(wordNet.concepts, [], wordNet.questions)],
] as const

async function measured(entities: readonly Entity[], links: readonly Link[], questions: readonly Asked[]) {
  const place = mkdtempSync(join(tmpdir(), 'gatehouse-memory-'))
  const measuring = new Memory({
    folder: place,
    script: resolve('dist/memory-worker.js'),
    readerScript: resolve('dist/memory-file-reader.js'),
    onEvent: () => {},
  })
  const one = measuring.in(defaultWorkspace)
  for (let from = 0; from < entities.length; from += 1_000)
    await one.createEntities(entities.slice(from, from + 1_000), by)
  if (links.length > 0) await one.createRelations(links, by)
  await one.embedded()
  const found = await qualityOf(one.recall, questions)
  await measuring.stop()
  rmSync(place, { recursive: true })
  return found
}

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
  row('hybrid query while it consolidates', meanwhile),
  one('seconds to consolidate', (tidied?.durationMs ?? 0) / 1000),
  one('longest stall of the main thread meanwhile, ms', busy.max / 1e6, 50),
  one('longest stall of the main thread, ms', stalls.max / 1e6, 50),
  one('database, MB', onDisk / 1e6, 1500),
  one('growth of the process, MB', grownMb, 300),
  one('seconds to fill', fillS),
]
const recalls = quality.map(([set, { hybrid, 'vector only': vector, 'BM25 only': text }]) => ({
  'recall@10': set,
  hybrid: hybrid.recallAt10,
  'vector only': vector.recallAt10,
  'BM25 only': text.recallAt10,
  held: hybrid.recallAt10 >= Math.max(vector.recallAt10, text.recallAt10) ? 'yes' : 'NO',
}))
console.table(rows)
console.table(recalls)
console.log(JSON.stringify({ concepts, relations, rows, quality }))
process.exitCode = [...rows, ...recalls].some(({ held }) => held === 'NO') ? 1 : 0
