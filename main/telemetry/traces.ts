import type { ExchangeMethod } from '../../shared/domain/call.ts'
import { type CallOutcome, type CallStep, callSteps } from '../../shared/domain/metrics.ts'
import { askedMs, type SeenCall, type SeenEnd, type SeenTrail } from './seen-call.ts'

/** Where the time of one call went. */
export interface Trace {
  readonly callId: string
  readonly at: number
  readonly door: string
  readonly method: ExchangeMethod
  readonly entry: string
  readonly server?: string
  readonly client?: string
  readonly outcome: CallOutcome
  readonly code?: string
  readonly totalMs: number
  /** Without what the person took. */
  readonly ownMs: number
  /** In order; the last one is where it ended. */
  readonly steps: readonly { readonly step: CallStep; readonly ms: number }[]
}

const recentKept = 200
const slowKept = 50
/** What is quicker is not slow, however quick the others are. */
const slowMs = 250
const slowForMs = 24 * 3600_000

/** Of a call only what it may be known by: its arguments must not live on here. */
interface Slot {
  callId: string
  at: number
  door: string
  method: ExchangeMethod
  entry: string
  server: string | undefined
  client: string | undefined
  startedMs: number
  laps: readonly number[]
  end: SeenEnd
  ownMs: number
}
const longestEntry = 200

/** The latest calls and the slowest of a day, in memory only. They are put into words for who looks. */
export class Traces {
  readonly #recent: Slot[] = []
  #next = 0
  /** The slowest first. */
  #slow: Trace[] = []

  record(call: SeenCall, trail: SeenTrail, end: SeenEnd): void {
    const slot = this.#recent[this.#next] ?? ({} as Slot)
    this.#recent[this.#next] = slot
    this.#next = (this.#next + 1) % recentKept
    const entry = trail.facts.entry ?? call.target
    slot.callId = call.callId
    slot.at = call.receivedAt
    slot.door = call.door
    slot.method = trail.facts.method ?? call.method
    slot.entry = entry.length > longestEntry ? copied(entry.slice(0, longestEntry)) : entry
    slot.server = trail.facts.server
    slot.client = trail.facts.client
    slot.startedMs = call.startedMs
    slot.laps = trail.laps
    slot.end = end
    slot.ownMs = end.endedMs - call.startedMs - askedMs(call, trail, end.endedMs)
    if (slot.ownMs < slowMs) return
    if (this.#slow.length === slowKept && slot.ownMs <= (this.#slow.at(-1)?.ownMs ?? 0)) return
    this.#slow = [...this.slowest(slot.at), told(slot)].sort((a, b) => b.ownMs - a.ownMs).slice(0, slowKept)
  }

  /** Newest first. */
  recent = (): Trace[] => [...this.#recent.slice(this.#next), ...this.#recent.slice(0, this.#next)].map(told).reverse()

  /** Slowest first. */
  slowest = (now = Date.now()): Trace[] => this.#slow.filter(({ at }) => now - at < slowForMs)
}

/** A plain slice would keep all of a long text in memory. */
const copied = (text: string): string => Buffer.from(text, 'utf16le').toString('utf16le').toWellFormed()

function told({ callId, at, door, method, entry, server, client, startedMs, laps, end, ownMs }: Slot): Trace {
  let from = startedMs
  const steps = [...laps, end.endedMs].map((until, place) => {
    const ms = until - from
    from = until
    return { step: callSteps[place] ?? 'record', ms }
  })
  return {
    callId,
    at,
    door,
    method,
    entry,
    ...(server ? { server } : {}),
    ...(client ? { client } : {}),
    outcome: end.outcome,
    ...(end.code ? { code: end.code } : {}),
    totalMs: end.endedMs - startedMs,
    ownMs,
    steps,
  }
}
