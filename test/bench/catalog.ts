/**
 * What a large catalog costs: 100 configured servers with 1 500 tools, written by the app's own stores and none of them
 * started. How long until the app is ready, how long until a client has the whole list through the bridge, how many
 * tokens the list takes of a model in both modes, and how often searching finds the right tool.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ToolSearch } from '../../main/catalog/tool-search.ts'
import { keyFromPassphrase } from '../../main/credentials/passphrase.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { ListMode } from '../../shared/domain/catalog-view.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import { type CorpusServer, corpus, corpusEntries, queries, recallAt } from '../catalog/tool-corpus.ts'
import { GatehouseUnderTest } from './gatehouse-under-test.ts'
import { fill, seed } from './large-catalog.ts'
import { median } from './statistics.ts'
import { type Answer, StdioLine } from './stdio-line.ts'

const root = join(import.meta.dirname, '../..')
const rounds = process.argv.includes('--quick') ? 5 : 15
const charsPerToken = 4

/** All pages. @returns milliseconds, tools, characters as they arrived */
async function listAll(line: StdioLine): Promise<{ ms: number; tools: readonly unknown[] }> {
  const begun = performance.now()
  const tools: unknown[] = []
  let cursor: string | undefined
  do {
    const { result, error } = (await line.request('tools/list', cursor ? { cursor } : {})) as Answer & {
      result?: { nextCursor?: string }
    }
    if (error) throw new Error(error.message)
    tools.push(...(result?.tools ?? []))
    cursor = result?.nextCursor
  } while (cursor !== undefined)
  return { ms: performance.now() - begun, tools }
}

async function bridgeOf(gatehouse: GatehouseUnderTest, client: string): Promise<StdioLine> {
  const args = [join(root, 'dist/bridge.js'), '--client', client, '--home', gatehouse.home]
  return new StdioLine(client, process.execPath, args, gatehouse.environment).connect()
}

/** Tokens of a list of `count` tools, as a model would be given it. */
function listTokens(count: number, mode: ListMode): number {
  const servers: CorpusServer[] = []
  for (let left = count, at = 0; left > 0; at++) {
    const server = corpus[at] as CorpusServer
    servers.push({ ...server, tools: server.tools.slice(0, left) })
    left -= server.tools.length
  }
  const catalog = fill(openDatabase(':memory:'), rowSeal(Buffer.alloc(32)), servers)
  catalog.setView('client', 'bench', { hidden: [], mode })
  const listed = catalog.listFor('tool', { workspace: defaultWorkspace, client: 'bench' })
  return Math.round(JSON.stringify(listed).length / charsPerToken)
}

interface Start {
  readonly ms: number
  /** What it took of a processor: the same on a busy machine, where milliseconds are not. */
  readonly processorMs: number
}

async function started(gatehouse: GatehouseUnderTest): Promise<Start> {
  const begun = performance.now()
  await gatehouse.start()
  return { ms: performance.now() - begun, processorMs: processorMs(gatehouse.pid) }
}

/** User and system time of all its threads, in ticks of 10 ms (Linux); NaN elsewhere. */
function processorMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return Number.NaN
  }
}

/** What the vault's passphrase alone costs; a system keychain has none. */
async function scryptMs(): Promise<number> {
  const begun = performance.now()
  await keyFromPassphrase('bench', Buffer.alloc(16))
  return performance.now() - begun
}

async function main(gatehouse: GatehouseUnderTest): Promise<void> {
  await gatehouse.start()
  for (const client of ['lister', 'searcher']) gatehouse.cli('clients', 'pair', client)
  gatehouse.cli('clients', 'set', 'searcher', '--mode', 'search')
  await gatehouse.halt()
  delete gatehouse.environment.GATEHOUSE_OPERATOR_PASSPHRASE // it would be checked at every start: half a second of scrypt
  const empty = await started(gatehouse)
  await gatehouse.halt()
  await seed(gatehouse)
  const ready: Start[] = []
  for (let round = 0; round < Math.min(5, rounds); round++) {
    ready.push(await started(gatehouse))
    if (round + 1 < Math.min(5, rounds)) await gatehouse.halt()
  }
  const vaultMs = await scryptMs()
  const { servers } = gatehouse.cli('servers', 'list') as { servers: { state: string }[] }
  const running = servers.filter(({ state }) => state !== 'idle').length
  const lister = await bridgeOf(gatehouse, 'lister')
  const searcher = await bridgeOf(gatehouse, 'searcher')
  const first = await listAll(lister)
  const lists: number[] = []
  for (let round = 0; round < rounds; round++) lists.push((await listAll(lister)).ms)
  const finds: number[] = []
  let answer = ''
  for (let round = 0; round < rounds; round++) {
    const [query] = queries[round % queries.length] ?? ['']
    const begun = performance.now()
    const { result } = await searcher.request('tools/call', { name: 'gatehouse__find_tools', arguments: { query } })
    finds.push(performance.now() - begun)
    answer = result?.content?.[0]?.text ?? ''
  }
  const { tools: searched } = await listAll(searcher)
  await Promise.all([lister.close(), searcher.close()])
  report({
    emptyMs: empty.ms,
    emptyProcessorMs: empty.processorMs,
    readyMs: median(ready.map(({ ms }) => ms)),
    readyProcessorMs: median(ready.map(({ processorMs }) => processorMs)),
    vaultMs,
    servers: servers.length,
    running,
    tools: first.tools.length,
    firstListMs: first.ms,
    listMs: median(lists),
    findMs: median(finds),
    findTokens: Math.round(answer.length / charsPerToken),
    searchListed: searched.length,
  })
}

function report(measured: Record<string, number>): void {
  const tokens = [10, 100, 1500].map((tools) => {
    const list = listTokens(tools, 'list')
    const search = listTokens(tools, 'search')
    return { tools, listTokens: list, searchTokens: search, saved: `${Math.round((1 - search / list) * 100)} %` }
  })
  const search = new ToolSearch(corpusEntries())
  const recall = [1, 5].map((k) => ({ k, ...recallAt(k, (query, limit) => search.find(query, limit)) }))
  const figures = [
    ['configured servers, and how many were started', `${measured.servers}, ${measured.running}`, '100+, 0'],
    ['start to ready without them, ms', measured.emptyMs, ''],
    ['processor time of that, ms', measured.emptyProcessorMs, ''],
    ['start to ready with all of them, ms', measured.readyMs, '≤ 1500'],
    ['processor time of that, ms', measured.readyProcessorMs, ''],
    ['of which opening the vault with its passphrase (scrypt; not with a keychain), ms', measured.vaultMs, ''],
    ['tools listed through the bridge', measured.tools, '1500+'],
    ['the first tools/list of all of them, ms', measured.firstListMs, ''],
    ['tools/list of all of them, ms', measured.listMs, '≤ 30'],
    ['tools listed in search mode', measured.searchListed, ''],
    ['gatehouse__find_tools through the bridge, ms', measured.findMs, ''],
    ['tokens of what it answers', measured.findTokens, ''],
    ...recall.map(
      ({ k, recall }) => [`recall@${k} of ${queries.length} queries`, recall, k === 5 ? '≥ 0.9' : ''] as const,
    ),
  ] as const
  const round = (value: unknown) => (typeof value === 'number' ? Math.round(value * 100) / 100 : value)
  console.table(figures.map(([what, value, bar]) => ({ what, value: round(value), bar })))
  console.log(`Tokens of the list of tools (characters ÷ ${charsPerToken}); synthetic definitions of 100 services`)
  console.table(tokens)
  console.log(`Not found among five: ${recall[1]?.missed.join('; ') || 'none'}`)
  writeFileSync(join(root, 'dist', 'bench-catalog.json'), JSON.stringify({ figures, tokens, recall }, null, 2))
}

const gatehouse = new GatehouseUnderTest()
try {
  await main(gatehouse)
} finally {
  await gatehouse.stop()
}
