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
    summary: rare ? `The platypus rule ${seq} was made` : `${client} ${refused ? 'was refused' : 'used'} ${tool}`,
  }
  index.add({ entry, hash: '', segment: 1, position: seq, size: 1 })
  if (seq % 128 === 0) index.flush()
}
index.flush()
const filledMs = performance.now() - began
const texting = performance.now()
while (index.list({ limit: 1, text: 'platypus' }).entries[0] === undefined || !textIsWhole());
const textMs = performance.now() - texting

function textIsWhole(): boolean {
  const end = db.prepare<[], number>('SELECT max(id) FROM audit_text_docsize').pluck().get()
  return end === count
}

const questions = {
  'newest hundred': {},
  'one app': { client: 'Cursor' },
  'one app, refused': { client: 'Cursor', decision: 'deny' },
  'one kind, rare': { category: 'authorization' as const },
  'critical only': { severity: 'critical' as const },
  'a rare action': { action: 'permission.deny' },
  'a rare word': { text: 'platypus' },
  'a word in most entries': { text: 'used' },
  'the beginning of a word in most': { text: 'us' },
  'two common words': { text: 'cursor write' },
  'a common word of one app and server': { text: 'used', client: 'Zed', server: 'mail' },
  'a common word with a rare kind': { text: 'the', category: 'authorization' as const },
  'two filters that never meet': { client: 'Cursor', action: 'permission.ask' },
  'one session': { session: 'se_77' },
  'an old week': { since: 1_700_000_000_000, until: 1_700_600_000_000 },
  'far back': { before: 1000 },
}
type Question = Parameters<typeof index.facets>[0]
const results: Record<string, { listMs: number; facetsMs: number; found: number }> = {}
for (const [name, filter] of Object.entries(questions)) {
  const full = { limit: 100, ...filter } as Question
  const time = (ask: () => unknown) => {
    const times = Array.from({ length: 5 }, () => {
      const from = performance.now()
      ask()
      return performance.now() - from
    })
    return Math.round(median(times) * 10) / 10
  }
  results[name] = {
    listMs: time(() => index.list(full)),
    facetsMs: time(() => index.facets(full)),
    found: index.list(full).total,
  }
}
index.stop()
db.close()
rmSync(folder, { recursive: true })
console.table(results)
const worstMs = Math.max(...Object.values(results).flatMap(({ listMs, facetsMs }) => [listMs, facetsMs]))
console.log(JSON.stringify({ entries: count, filledMs, textMs, worstMs, results }))
process.exitCode = worstMs < 100 ? 0 : 1
