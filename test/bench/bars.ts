import type { Row } from './call-path.ts'

export interface More {
  /** By which a call is slower whose verdict is not known yet. */
  readonly uncachedUs: number
  readonly memory: { readonly atRestMb: number; readonly afterMb: number }
  /** From a bridge's start to its first tools/list answer, above an empty Node. */
  readonly connectMs: number
}

interface Bar {
  readonly what: string
  readonly value: number
  readonly bar: string
  readonly held: string
}

/** The figures to hold, and whether they are. */
export function bars(table: readonly Row[], more: More): Bar[] {
  const at = (line: string, inFlight = 1, bytes = 1024): Row => {
    const found = table.find((row) => row.line === line && row.bytes === bytes && row.inFlight === inFlight)
    if (!found) throw new Error(`${line} was not measured`)
    return found
  }
  const ours = 'gatehouse bridge'
  const added = (line: string) => at(line).medianUs - at('direct').medianUs
  const large = (line: string) => at(line, 1, 102_400).medianUs
  const forwarders = table.filter(({ line, inFlight, bytes }) => inFlight === 64 && bytes === 1024 && isForwarder(line))
  const best = forwarders.reduce((a, b) => (b.perSecond > a.perSecond ? b : a))
  return [
    below('added median ÷ what the floor adds', added(ours) / added('floor'), 2),
    below('  with an uncached verdict', (added(ours) + more.uncachedUs) / added('floor'), 3),
    below('  through HTTP', added('gatehouse HTTP') / added('floor'), 4),
    below('added 99th percentile, ms', (at(ours).p99Us - at('direct').p99Us) / 1000, 2),
    below('added median ÷ what the chain adds', added(ours) / added('chain'), 0.2),
    below('100 KB call ÷ direct', large(ours) / large('direct'), 2.5),
    below('  ÷ the floor', large(ours) / large('floor')),
    below('  the floor ÷ direct', large('floor') / large('direct')),
    above(`calls/s at 64 in flight; the best forwarder (${best.line})`, at(ours, 64).perSecond, best.perSecond),
    above('  then', at(ours, 64).perSecond, 10_000),
    above('  through HTTP: half of the bridge’s', at('gatehouse HTTP', 64).perSecond, at(ours, 64).perSecond / 2),
    below('own processor time a call at 64 in flight, µs', at(ours, 64).ownUs, 120),
    below('  at 1 in flight', at(ours).ownUs, 120),
    below('  of the floor at 64 and at 1', at('floor', 64).ownUs),
    below('', at('floor').ownUs),
    below('  through HTTP at 64 (the app alone)', at('gatehouse HTTP', 64).ownUs, 240),
    below('bridge to first tools/list above an empty Node, ms', more.connectMs, 40),
    below('memory of bridge and kernel at rest, MB PSS', more.memory.atRestMb, 140),
    below('  after 10 000 calls', more.memory.afterMb, 200),
  ]
}

const isForwarder = (line: string) => !/^(?:direct|floor|chain|gatehouse .*)$/.test(line)

const below = (what: string, value: number, limit?: number): Bar => ({
  what,
  value: rounded(value),
  bar: limit === undefined ? '' : `≤ ${limit}`,
  held: limit === undefined ? '' : said(value <= limit),
})

const above = (what: string, value: number, limit: number): Bar => ({
  what,
  value: rounded(value),
  bar: `> ${Math.round(limit)}`,
  held: said(value > limit),
})

const rounded = (value: number) => Math.round(value * 100) / 100
const said = (held: boolean) => (held ? 'yes' : 'NO')
