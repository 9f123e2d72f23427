import type { ClientId } from '../../shared/domain/ids.ts'
import type { ErrorCode } from '../../shared/errors.ts'

export const intrusionKinds = ['enumeration', 'traversal', 'injection', 'replay', 'token-guessing'] as const
export type IntrusionKind = (typeof intrusionKinds)[number]

export interface Detected {
  readonly kind: IntrusionKind
  /** Undefined for who shows no good key. */
  readonly client: ClientId | undefined
  readonly severity: 'medium' | 'high'
  readonly count: number
}

export interface IntrusionParts {
  /** Once for each kind, client and severity in a window. */
  readonly onDetected: (found: Detected) => void
  readonly nowMs?: () => number
}

const windowMs = 60_000
export const blockedMs = 5 * 60_000
const mostWatched = 1000
/** Signs of one kind within a window that are high; half of them are medium. An app gone wrong makes a few, and one whose
 *  token ran out tries it again and again. */
const high: Readonly<Record<IntrusionKind, number>> = {
  enumeration: 60,
  traversal: 10,
  injection: 10,
  replay: 10,
  'token-guessing': 100,
}

interface Row {
  startedMs: number
  count: number
  /** What was tried, shortened: the same unknown name a hundred times is a mistake, a hundred names are a search. */
  readonly seen: Set<string>
}

const climbing = /(?:^|[/\\])\.\.(?:[/\\]|$)|%2e%2e|%252e|\0|%00/i
const smuggled = /\p{Cc}|<script\b|'\s*(?:or|union)\b|\$\{|\{\{|;\s*(?:rm|curl|wget)\b/iu

/**
 * Looks for who feels out the doors: names that are searched for, paths that climb, text that breaks out of its place, used
 * tokens and states that come again, keys that are guessed. It counts signs in refused requests, so that ordinary work is
 * never looked at. It tells; whoever built it blocks.
 */
export class IntrusionWatch {
  readonly #rows = new Map<string, Row>()
  readonly #nowMs: () => number
  #guessingUntilMs = Number.NEGATIVE_INFINITY

  constructor(private readonly parts: IntrusionParts) {
    this.#nowMs = parts.nowMs ?? (() => performance.now())
  }

  /** A request of this client was refused. */
  refused(client: ClientId, code: ErrorCode, target: string): void {
    if (code === 'catalog.unknown') this.#count('enumeration', client, target)
    if (code === 'arguments.round') this.#count('replay', client)
    if (code === 'arguments.unsafe') this.#count('injection', client)
    if (climbing.test(target)) this.#count('traversal', client)
    else if (smuggled.test(target)) this.#count('injection', client)
  }

  /** Somebody showed a key or token that is none. */
  unknownKey(): void {
    if (this.#count('token-guessing', undefined) === 'high') this.#guessingUntilMs = this.#nowMs() + blockedMs
  }

  /** Seconds for which whoever shows no good key is not even answered why; 0 when nobody guesses. */
  get guessingSeconds(): number {
    return Math.max(0, Math.ceil((this.#guessingUntilMs - this.#nowMs()) / 1000))
  }

  #count(kind: IntrusionKind, client: ClientId | undefined, tried?: string): Detected['severity'] | undefined {
    const row = this.#rowOf(`${kind} ${client ?? ''}`)
    if (tried !== undefined) {
      if (row.seen.has(tried.slice(0, 100))) return undefined
      row.seen.add(tried.slice(0, 100))
    }
    row.count += 1
    const severity = row.count === high[kind] ? 'high' : row.count === high[kind] / 2 ? 'medium' : undefined
    if (severity) this.parts.onDetected({ kind, client, severity, count: row.count })
    return severity
  }

  #rowOf(key: string): Row {
    const now = this.#nowMs()
    const known = this.#rows.get(key)
    if (known && now - known.startedMs < windowMs) return known
    this.#rows.delete(key)
    const [oldest] = this.#rows
    if (this.#rows.size >= mostWatched && oldest) this.#rows.delete(oldest[0])
    const row = { startedMs: now, count: 0, seen: new Set<string>() }
    this.#rows.set(key, row)
    return row
  }
}
