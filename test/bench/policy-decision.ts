/**
 * What judging, filtering and limiting cost a call:
 * node --experimental-transform-types --no-warnings test/bench/policy-decision.ts [--json]
 */
import { randomBytes } from 'node:crypto'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { defaultFilters } from '../../main/filters/default-filters.ts'
import { Paths, thisPlatform } from '../../main/filters/paths.ts'
import { Limits } from '../../main/limits/limits.ts'
import { Throttle } from '../../main/limits/throttle.ts'
import { GrantStore } from '../../main/permissions/grant-store.ts'
import { Permissions } from '../../main/permissions/permissions.ts'
import { openDatabase } from '../../main/store/database.ts'
import { rowSeal } from '../../main/store/row-seal.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import { aCall, aServer, editor, theFilesystem } from '../permissions/a-call.ts'

interface Row {
  readonly what: string
  readonly us: number
  readonly bar?: number
}
const rows: Row[] = []
const rounds = 7

/** Median of the rounds, microseconds per turn. */
async function measure(what: string, turns: number, turn: (n: number) => unknown, bar?: number): Promise<void> {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const started = performance.now()
    for (let n = 0; n < turns; n++) {
      const answer = turn(n)
      if (answer instanceof Promise) await answer
    }
    times.push(((performance.now() - started) * 1000) / turns)
  }
  const us = times.toSorted((a, b) => a - b)[rounds >> 1] ?? Number.NaN
  rows.push({ what, us, ...(bar === undefined ? {} : { bar }) })
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
  await measure(`filters on 1 KB of arguments, ${count} secrets`, 20_000, () => filters.call(call))
  await measure(`filters on a 1 KB answer, ${count} secrets`, 20_000, () => filters.reply({ server, entry, reply }))
}
const filters = defaultFilters({ knownValues: () => [], paths })
const files = { server: theFilesystem(), entry, arguments: { path: '/tmp/notes/a.md' } }
await measure('paths of a file call', 20_000, () => filters.call(files))

const throttle = new Throttle()
await measure('throttle', 100_000, () => throttle.pass(editor, 'tools/call'), 2)
const library = new RateLimiterMemory({ points: 1e9, duration: 60 })
await measure('  (rate-limiter-flexible, for comparison)', 50_000, () => library.consume(editor.id))
const limits = new Limits()
const signal = new AbortController().signal
const verdict = plain.evaluate(call)
await measure('admit and release', 50_000, async () => (await limits.admit({ ...call, verdict }, signal)).release())
limits.stop()

if (process.argv.includes('--json')) console.log(JSON.stringify(rows))
else
  for (const { what, us, bar } of rows)
    console.log(
      `${what.padEnd(52)} ${us.toFixed(2).padStart(8)} µs${bar === undefined ? '' : `  (bar ${bar} µs${us <= bar ? '' : ', MISSED'})`}`,
    )
