import type { AuditEvent } from './audit.ts'
import { plain } from './call-entry.ts'

/** Someone who was not let in. Never with the value that was tried. */
export interface RefusedEntry {
  readonly action: string
  /** What follows the client's name: “was refused …”. */
  readonly what: string
  /** As it names itself, where it does: anyone can take any name. */
  readonly client?: string
  readonly code?: string
}

interface Kind {
  readonly entry: RefusedEntry
  /** Since the last entry about it. */
  more: number
  cancel: () => void
}

const quietMs = 60_000
/** Kinds, told apart by client, at a time; what comes beyond is merged without its client. */
const mostKinds = 20

/**
 * Refusals at the doors, for the record: the first of a kind and client at once, the others counted and told once a minute,
 * so that a flood of them fills no disk.
 */
export class Refusals {
  readonly #kinds = new Map<string, Kind>()
  #stopped = false

  /** @param onProblem told when the record cannot be written; what was refused stays refused */
  constructor(
    private readonly append: (event: AuditEvent) => void,
    private readonly onProblem: (error: unknown) => void,
    private readonly after: (ms: number, act: () => void) => () => void = afterAwhile,
  ) {}

  /** Never throws. */
  note(refused: RefusedEntry): void {
    if (this.#stopped) return
    const own = keyOf(refused)
    const entry = this.#kinds.has(own) || this.#kinds.size < mostKinds ? refused : nameless(refused)
    const known = this.#kinds.get(keyOf(entry))
    if (known) {
      known.more += 1
      return
    }
    const kind: Kind = { entry, more: 0, cancel: () => {} }
    this.#kinds.set(keyOf(entry), kind)
    this.#wait(kind)
    this.#write(entry, 1)
  }

  /** Tells what was counted and not told yet. */
  stop(): void {
    this.#stopped = true
    for (const { entry, more, cancel } of this.#kinds.values()) {
      cancel()
      if (more > 0) this.#write(entry, more)
    }
    this.#kinds.clear()
  }

  #wait(kind: Kind): void {
    kind.cancel = this.after(quietMs, () => {
      const { entry, more } = kind
      if (more === 0) return void this.#kinds.delete(keyOf(entry))
      kind.more = 0
      this.#wait(kind)
      this.#write(entry, more)
    })
  }

  #write({ action, what, client, code }: RefusedEntry, times: number): void {
    const name = client === undefined ? undefined : plain(client, 128)
    const summary = `${name ?? 'Someone'} ${what}${times === 1 ? '' : ` (${times} times within a minute)`}`
    try {
      this.append({
        action,
        severity: 'warning',
        decision: 'deny',
        summary,
        ...(name === undefined ? {} : { client: name }),
        ...(code === undefined ? {} : { code }),
      })
    } catch (error) {
      this.onProblem(error)
    }
  }
}

const keyOf = ({ action, client, code }: RefusedEntry) => JSON.stringify([action, code, client?.toLowerCase()])
const nameless = ({ client: _client, ...entry }: RefusedEntry): RefusedEntry => entry

function afterAwhile(ms: number, act: () => void): () => void {
  const timer = setTimeout(act, ms).unref()
  return () => clearTimeout(timer)
}
