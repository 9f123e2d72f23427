/**
 * How long the audit log takes to find something among a million entries. To hold: filters, full text and facets below
 * 100 ms each. The entries are written as rows, as the index writes them; the journal is not needed for it.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AuditIndex } from '../../main/audit/audit-index.ts'
import { openDatabase } from '../../main/store/database.ts'
import { median } from './statistics.ts'

const count = Number(process.argv[2] ?? 1_000_000)
const folder = mkdtempSync(join(tmpdir(), 'gatehouse-search-'))
const db = openDatabase(join(folder, 'gatehouse.db'))
const index = new AuditIndex(db, (problem) => console.error(problem))
const clients = ['Claude Desktop', 'Cursor', 'VS Code', 'Zed', 'Codex', 'Gemini CLI']
const servers = ['filesystem', 'github', 'memory', 'mail', 'calendar']
const verbs = ['read_text_file', 'write_file', 'search', 'list', 'create_issue', 'send']

const began = performance.now()
for (let seq = 1; seq <= count; seq++) {
  const client = clients[(seq * 7) % clients.length] as string
  const server = servers[(seq * 11) % servers.length] as string
  const tool = `${server}__${verbs[(seq * 13) % verbs.length]}`
  const refused = seq % 37 === 0
  const rare = seq % 99_991 === 0
  const entry = {
    version: 1 as const,
    seq,
    time: 1_700_000_000_000 + seq * 1000,
    prev: '',
    action: rare ? 'permission.deny' : 'tools/call',
    severity: rare ? ('critical' as const) : refused ? ('notice' as const) : ('info' as const),
    decision: refused ? 'deny' : 'allow',
    client,
    server,
    tool,
    session: `se_${seq % 500}`,
    workspace: seq % 50 === 0 ? 'work' : 'default',
    summary: rare ? `The platypus rule ${seq} was made` : `${client} ${refused ? 'was refused' : 'used'} ${tool}`,
  }
  index.add({ entry, hash: '', segment: 1, position: seq, size: 1 })
  if (seq % 128 === 0) index.flush()
}
index.flush()
const filledMs = performance.now() - began
const [texting, textingProcessor] = [performance.now(), process.cpuUsage()]
while (index.list({ limit: 1, text: 'platypus' }).missing !== undefined);
const textMs = performance.now() - texting
const spent = process.cpuUsage(textingProcessor)
const textProcessorMs = (spent.user + spent.system) / 1000

const first = 1_700_000_000_000
const lastHour = first + (count - 3600) * 1000
const questions = {
  'newest hundred': {},
  'one app': { client: 'Cursor' },
  'one app, refused': { client: 'Cursor', decision: 'deny' },
  'one app and server': { client: 'Zed', server: 'mail' },
  'one kind, rare': { category: 'authorization' as const },
  'critical only': { severity: 'critical' as const },
  'a rare action': { action: 'permission.deny' },
  'one workspace': { workspace: 'work' },
  'one app of one workspace': { workspace: 'work', client: 'Codex' },
  'two filters that never meet': { client: 'Cursor', action: 'permission.ask' },
  'one session': { session: 'se_77' },
  'an old week': { since: first, until: first + 600_000_000 },
  'far back': { before: 1000 },
  'a rare word': { text: 'platypus' },
  'no such word': { text: 'wombat' },
  'a word in most entries': { text: 'used' },
  'one letter': { text: 'u' },
  'two letters': { text: 'us' },
  'three letters of a word in some': { text: 'cur' },
  'most of a long word': { text: 'filesyste' },
  'two common words': { text: 'cursor write' },
  'many letters': { text: 'a c d e f g l m o r s t u v w z 1 2 3' },
  'the beginning of many numbers': { text: '9999' },
  'a common word, refused': { text: 'wanted', decision: 'deny' },
  'a common word of one app and server': { text: 'used', client: 'Zed', server: 'mail' },
  'a common word of one app, server and workspace': { text: 'us', client: 'Zed', server: 'mail', workspace: 'work' },
  'a common word with a rare kind': { text: 'the', category: 'authorization' as const },
  'a common word, critical': { text: 'p', severity: 'critical' as const },
  'a common word of one session': { text: 'used', session: 'se_77' },
  'a common word in the last hour': { text: 'used', since: lastHour },
  'a common word in the first hours of one app': { text: 'used', client: 'Zed', until: first + 50_000_000 },
  'a common word and another app’s server': { text: 'github', client: 'Cursor', server: 'calendar' },
  'words far back': { text: 'used cursor', before: 5000 },
}
type Question = Parameters<typeof index.facets>[0]
interface Took {
  readonly wallMs: number
  /** Of this process: what the wall time comes to on a computer with nothing else to do. */
  readonly processorMs: number
}

function took(ask: () => unknown): Took {
  const times = Array.from({ length: 5 }, () => {
    const [from, before] = [performance.now(), process.cpuUsage()]
    ask()
    const spent = process.cpuUsage(before)
    return { wallMs: performance.now() - from, processorMs: (spent.user + spent.system) / 1000 }
  })
  const tenths = (of: keyof Took) => Math.round(median(times.map((time) => time[of])) * 10) / 10
  return { wallMs: tenths('wallMs'), processorMs: tenths('processorMs') }
}

const results = Object.entries(questions).map(([question, filter]) => {
  const full = { limit: 100, ...filter } as Question
  const [list, facets] = [took(() => index.list(full)), took(() => index.facets(full))]
  return {
    question,
    listMs: list.wallMs,
    facetsMs: facets.wallMs,
    listProcessorMs: list.processorMs,
    facetsProcessorMs: facets.processorMs,
    found: index.list(full).total,
  }
})
index.stop()
db.close()
rmSync(folder, { recursive: true })
console.table(results)
const slowest = ([a, b]: readonly ['listMs', 'facetsMs'] | readonly ['listProcessorMs', 'facetsProcessorMs']) =>
  results
    .map((result) => ({ question: result.question, ms: Math.max(result[a], result[b]) }))
    .sort((x, y) => y.ms - x.ms)[0]
const worst = slowest(['listMs', 'facetsMs'])
const worstOfProcessor = slowest(['listProcessorMs', 'facetsProcessorMs'])
console.log(`worst of ${results.length} questions: “${worst?.question}”, ${worst?.ms} ms`)
console.log(`worst by processor time: “${worstOfProcessor?.question}”, ${worstOfProcessor?.ms} ms`)
console.log(JSON.stringify({ entries: count, filledMs, textMs, textProcessorMs, worst, worstOfProcessor, results }))
process.exitCode = (worst?.ms ?? 0) < 100 ? 0 : 1
