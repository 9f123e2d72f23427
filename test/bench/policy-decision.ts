/**
 * What judging, filtering and limiting cost a call, by the clock and in processor time of this process: what the former comes
 * to on a computer with nothing else to do. One question to Cedar about one policy is measured beside the verdicts, since
 * they cannot cost less. `npm run bench -- policy-decision [--json]`
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import { Limits } from '../../main/limits/limits.ts'
import { Throttle } from '../../main/limits/throttle.ts'
import { GrantStore } from '../../main/permissions/grant-store.ts'
import { Permissions } from '../../main/permissions/permissions.ts'
import { PolicyEngine } from '../../main/permissions/policy-engine.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import { aCall, aServer, editor, theFilesystem } from '../permissions/a-call.ts'
import { median } from './statistics.ts'

interface Row {
  readonly what: string
  readonly us: number
  readonly processorUs: number
  readonly bar?: number
}
const rows: Row[] = []
const rounds = 7
const json = process.argv.includes('--json')

/** Median of the rounds, microseconds per turn. */
async function measure(what: string, turns: number, turn: (n: number) => unknown, bar?: number): Promise<void> {
  const times: Pick<Row, 'us' | 'processorUs'>[] = []
  for (let round = 0; round < rounds; round++) {
    const [started, before] = [performance.now(), process.cpuUsage()]
    for (let n = 0; n < turns; n++) {
      const answer = turn(n)
      if (answer instanceof Promise) await answer
    }
    const spent = process.cpuUsage(before)
    times.push({
      us: ((performance.now() - started) * 1000) / turns,
      processorUs: (spent.user + spent.system) / turns,
    })
  }
  const of = (figure: 'us' | 'processorUs') => median(times.map((time) => time[figure]))
  const row = { what, us: of('us'), processorUs: of('processorUs'), ...(bar === undefined ? {} : { bar }) }
  rows.push(row)
  if (!json) console.log(line(row))
}

function line({ what, us, processorUs, bar }: Row): string {
  const figures = `${us.toFixed(2).padStart(8)} µs ${processorUs.toFixed(2).padStart(8)} µs of processor`
  return `${what.padEnd(52)} ${figures}${bar === undefined ? '' : `  (bar ${bar} µs${processorUs <= bar ? '' : ', MISSED'})`}`
}

const paths = new Paths(thisPlatform('/home/ada'))
const withRules = (applicable: number, others: number) => {
  const store = new GrantStore(openDatabase(':memory:'), rowSeal(randomBytes(32)))
  const permissions = new Permissions({ store, folders: paths })
  for (let n = 0; n < applicable + others; n++) {
    const tool = n < applicable ? `notes__*_it${'*'.repeat(n % 2)}` : `other-${n}__*`
    permissions.add({ effect: 'ask', scope: 'rule', client: '*', tool, origin: 'person' })
  }
  return permissions
}

/** Every turn another entry name, so that nothing is cached. */
const uncached = (name: (n: number) => string, make: (tool: string) => CallFacts) => {
  const calls = Array.from({ length: 2_000 }, (_, n) => make(name(n)))
  return (n: number) => calls[n % calls.length] as CallFacts
}

const fresh = () => withRules(0, 0)
const plain = fresh()
const call = aCall({ server: aServer({ trusted: true }), arguments: { message: 'x'.repeat(1000) } })
await measure('verdict, cached', 50_000, () => plain.evaluate(call), 5)
const reading = aCall({ server: theFilesystem(), tool: 'read_text_file', real: ['/home/ada/notes/a.md'] })
await measure('verdict of a file read, cached', 50_000, () => plain.evaluate(reading), 5)
const many = withRules(20, 180)
await measure('verdict, cached, 20 applicable of 200 rules', 50_000, () => many.evaluate(call), 5)

let epoch = 0
const nextEpoch = (permissions: Permissions, make: (tool: string) => CallFacts) => {
  const next = uncached((n) => `e${epoch++}-${n}_it`, make)
  permissions.evaluate(make('warm_it'))
  return next
}
const engine = new PolicyEngine(randomUUID())
engine.load('one', { only: 'permit (principal, action, resource) when { context.action == "read" };' })
const question = (n: number) => ({ client: editor.id, entry: `notes__${n}_it`, context: { action: 'read' } })
await measure('  (one question to Cedar, one policy)', 2_000, (n) =>
  engine.authorize('one', 'callUnattended', question(n)),
)
const trusting = aServer({ trusted: true })
for (const [what, permissions, bar] of [
  ['verdict, uncached, default rules', plain, undefined],
  ['verdict, uncached, 20 applicable of 200 rules', many, 50],
] as const) {
  const next = Array.from({ length: rounds }, () => nextEpoch(permissions, (tool) => aCall({ server: trusting, tool })))
  let turn = 0
  await measure(
    what,
    1_000,
    () => permissions.evaluate((next[Math.floor(turn++ / 1_000)] as (n: number) => CallFacts)(turn)),
    bar,
  )
}

const reply = { kind: 'result', result: { content: [{ type: 'text', text: 'Echo: '.padEnd(1000, 'x') }] } } as const
const { server, entry } = call
for (const count of [0, 10, 100]) {
  const values = Array.from({ length: count }, () => randomBytes(20).toString('base64'))
  const filters = defaultFilters({ knownValues: () => values, paths })
  await measure(`filters on 1 KB of arguments, ${count} secrets`, 4_000, () => filters.call(call))
  await measure(`filters on a 1 KB answer, ${count} secrets`, 4_000, () => filters.reply({ server, entry, reply }))
}
const filters = defaultFilters({ knownValues: () => [], paths })
const files = { server: theFilesystem(), entry, arguments: { path: '/tmp/notes/a.md' } }
await measure('paths of a file call', 4_000, () => filters.call(files))

const throttle = new Throttle()
await measure('throttle', 100_000, () => throttle.pass(editor, 'tools/call'), 2)
const library = new RateLimiterMemory({ points: 1e9, duration: 60 })
await measure('  (rate-limiter-flexible, for comparison)', 50_000, () => library.consume(editor.id))
const limits = new Limits()
const signal = new AbortController().signal
const verdict = plain.evaluate(call)
await measure('admit and release', 50_000, async () => (await limits.admit({ ...call, verdict }, signal)).release())
limits.stop()

if (json) console.log(JSON.stringify(rows))
process.exitCode = rows.some(({ processorUs, bar }) => bar !== undefined && processorUs > bar) ? 1 : 0
