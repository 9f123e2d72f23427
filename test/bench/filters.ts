/**
 * What looking through contents costs a call, beside the same call unfiltered:
 * node --experimental-transform-types --no-warnings test/bench/filters.ts [--json]
 */
import { ContentScan } from '../../main/filters/content/content-scan.ts'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Filters } from '../../main/filters/filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { aCall, aServer } from '../permissions/a-call.ts'
import { benignCalls } from '../support/benign-corpus/corpus.ts'
import { quantile } from './statistics.ts'

/** DESIGN section 9 and the budget of all filters: milliseconds per kilobyte and direction, and for 100 KB. */
const mostPerKilobyteMs = 0.3
const mostFor100Ms = 3
const kilobyte = 1024

const text = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : typeof value === 'object' && value ? Object.values(value).flatMap(text) : []
const corpus = benignCalls.flatMap(({ result }) => text(result)).join('\n')
const records = Array.from({ length: 1_200 }, (_, id) => ({
  id,
  uuid: `550e8400-e29b-41d4-a716-4466554400${id % 90}`,
  mail: `ada${id}@example.com`,
  at: '2026-11-29T10:02:33Z',
}))
const kinds: Readonly<Record<string, string>> = {
  prose: 'The quick brown fox jumps over the lazy dog and then it sleeps. '.repeat(1_700),
  'mails, code, tables, logs': corpus,
  'records with addresses': JSON.stringify(records),
  numbers: Array.from({ length: 20_000 }, (_, n) => `${(n * 7919) % 99991},${n % 977}`).join('\n'),
}

const filters = defaultFilters({
  knownValues: () => ['a-secret-of-the-keychain'],
  paths: new Paths(thisPlatform('/home/ada')),
})
const none = new Filters([], [], filters.contents)
const call = aCall({ server: aServer({ trusted: true }) })
const scan = new ContentScan()

/** Of this thread's processor time, so that other programs do not count. */
function medianMs(turns: number, turn: () => unknown): number {
  const times: number[] = []
  for (let round = 0; round < 9; round++) {
    const began = process.threadCpuUsage()
    for (let n = 0; n < turns; n++) turn()
    const { user, system } = process.threadCpuUsage(began)
    times.push((user + system) / 1000 / turns)
  }
  return quantile(times, 0.5)
}

/**
 * Two texts, as messages hold them (a slice of a longer text is slower to get at), and each by turns, as a text that was
 * looked through just before is not looked through again.
 */
function inTurn(text: string): () => string {
  const texts = ['#', '>'].map((first): string => JSON.parse(JSON.stringify(first + text.slice(1))))
  let turn = 0
  return () => texts[turn++ % 2] as string
}
const answer = (of: string): JsonObject => ({ content: [{ type: 'text', text: of }] })
const rows = Object.entries(kinds).flatMap(([kind, whole]) =>
  [1, 10, 100].flatMap((size) => {
    const content = inTurn(whole.slice(0, size * kilobyte))
    const turns = Math.ceil(2_000 / size)
    const line = (direction: string, filtered: () => unknown, unfiltered: () => unknown) => {
      medianMs(turns, filtered)
      const [with_, without] = [medianMs(turns, filtered), medianMs(turns, unfiltered)]
      const most = size === 100 ? mostFor100Ms : mostPerKilobyteMs * size
      return { kind, size, direction, filteredMs: with_, unfilteredMs: without, most, holds: with_ - without <= most }
    }
    const { server, entry } = call
    const sent = () => ({ server, entry, arguments: { content: content() } })
    const got = () => ({ server, entry, reply: { kind: 'result', result: answer(content()) } as const })
    return [
      line(
        'arguments',
        () => filters.call(sent()),
        () => none.call(sent()),
      ),
      line(
        'answer',
        () => filters.reply(got()),
        () => none.reply(got()),
      ),
    ]
  }),
)
const prose = inTurn((kinds.prose ?? '').slice(0, kilobyte))
const scannedMs = medianMs(2_000, () => scan.scan(prose()))

if (process.argv.includes('--json')) console.log(JSON.stringify({ rows, scannedMs }, undefined, 2))
else {
  console.table(
    rows.map(({ kind, size, direction, filteredMs, unfilteredMs, most, holds }) => ({
      text: kind,
      KB: size,
      direction,
      'filtered, ms': filteredMs.toFixed(4),
      'unfiltered, ms': unfilteredMs.toFixed(4),
      'ms per KB': ((filteredMs - unfilteredMs) / size).toFixed(4),
      'at most, ms': most,
      holds,
    })),
  )
  console.log(`One pass over 1 KB of prose: ${(scannedMs * 1000).toFixed(1)} µs`)
}
process.exit(rows.every(({ holds }) => holds) ? 0 : 1)
