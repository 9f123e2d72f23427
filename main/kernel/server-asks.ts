import { askable } from '../../shared/domain/askable.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName } from '../../shared/domain/ids.ts'
import { policyDenied, rateLimited } from '../../shared/errors.ts'
import type { PermissionsPort } from './ports.ts'

/** Questions a server may ask a client at once, and a second after that. */
const burst = 30
const perSecond = 1
/** Servers and clients that are counted; the one heard of longest ago is forgotten for one more. */
const mostCounted = 1000

/** What is recorded of a question, whether it went on or not. */
export interface AskNote {
  readonly call: CallFacts
  readonly method: string
  /** The name rules know it by. */
  readonly entry: EntryName
  /** Why it was refused. */
  readonly refused?: 'rule' | 'rate'
}

/**
 * The road of what a server asks of a client: sampling, elicitation, roots. It is limited and recorded; rules know it as
 * `SERVER__asks-sampling`, `SERVER__asks-elicitation` and `SERVER__asks-roots`, and one that denies refuses it. It needs
 * no other question: it goes to the person, by the client or in the window.
 */
export class ServerAsks {
  readonly #left = new Map<string, { left: number; atMs: number }>()

  constructor(
    private readonly permissions: () => PermissionsPort,
    private readonly record: (note: AskNote) => void,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** @throws policy.denied, limits.rate; what `record` throws: nothing goes on unrecorded */
  admit(call: CallFacts, method: string): void {
    const ownName = `asks-${askable[method] ?? 'anything'}`
    const entry = `${call.server.name}__${ownName}` as EntryName
    if (!this.#mayAsk(`${call.server.name} ${call.client.id}`)) {
      this.record({ call, method, entry, refused: 'rate' })
      throw rateLimited(call.server.name, 1 / perSecond)
    }
    const verdict = this.permissions().evaluate(questionOf(call, entry, ownName))
    const denied = verdict.effect === 'deny'
    this.record({ call, method, entry, ...(denied ? { refused: 'rule' } : {}) })
    if (denied) throw policyDenied(entry, verdict.rule)
  }

  #mayAsk(who: string): boolean {
    const now = this.nowMs()
    const before = this.#left.get(who) ?? { left: burst, atMs: now }
    const left = Math.min(burst, before.left + ((now - before.atMs) / 1000) * perSecond)
    this.#left.delete(who)
    const [oldest] = this.#left
    if (this.#left.size >= mostCounted && oldest) this.#left.delete(oldest[0])
    this.#left.set(who, { left: left < 1 ? left : left - 1, atMs: now })
    return left >= 1
  }
}

/** Judged without the call's arguments: those go the other way. */
export function questionOf(call: CallFacts, name: EntryName, ownName: string): CallFacts {
  const { extra: _extra, resumed: _resumed, ...facts } = call
  return {
    ...facts,
    method: 'tools/call',
    entry: { ...call.entry, kind: 'tool', name, ownName, title: ownName },
    arguments: {},
    canonical: '{}',
    paths: [],
    urls: [],
    commands: [],
  }
}
