import type { ApprovalId, EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import type { ApprovalRecord, ExpectContent } from './approval.ts'
import type { Clock } from './clock.ts'

/** An answer given after the client was told to wait; honoured for `left` calls with the same binding. */
export interface LateAnswer {
  readonly id: ApprovalId
  readonly binding: Sha256
  readonly state: 'approved' | 'denied'
  readonly reason?: string
  readonly expectContent?: ExpectContent
  readonly left: number
  /** Wall time; within one run of the app a monotonic deadline counts. */
  readonly until: EpochMs
}

/**
 * Remembers outside the database which approvals may still be used (`id:left`), so that a used one put back into the
 * database is not honoured again. Kept in the keychain.
 */
export interface ReleaseAnchor {
  load(): Promise<readonly string[]>
  save(marks: readonly string[]): Promise<void>
}

/** Without a keychain nothing is honoured after a restart: the person is asked again. */
export const noAnchor: ReleaseAnchor = { load: async () => [], save: async () => {} }

interface Kept {
  answer: LateAnswer
  readonly deadlineMs: number
}

/** Answers waiting for their call to come back. In memory while the app runs; the database is read at the start only. */
export class LateAnswers {
  readonly #kept = new Map<Sha256, Kept[]>()
  #anchoring: Promise<void> = Promise.resolve()

  constructor(
    private readonly clock: Clock,
    private readonly anchor: ReleaseAnchor,
  ) {}

  /** Those of `found` that were never used, as the anchor knows. */
  async restore(found: readonly LateAnswer[]): Promise<void> {
    const marks = new Set(found.some(isApproval) ? await this.anchor.load() : [])
    for (const answer of found) if (!isApproval(answer) || marks.has(markOf(answer))) this.#keep(answer)
    await this.#anchorAll()
  }

  /** Honoured from now on; after a restart only if the anchor could be written, which is tried before this resolves. */
  add(answer: LateAnswer): Promise<void> {
    this.#keep(answer)
    return isApproval(answer) ? this.#anchorAll().catch(() => {}) : Promise.resolve()
  }

  has(id: ApprovalId): boolean {
    return [...this.#kept.values()].some((list) => list.some((kept) => kept.answer.id === id && this.#alive(kept)))
  }

  /**
   * Uses one up. Two calls at the same moment never get the same one: it is gone before anything is awaited. Fails when
   * the anchor cannot be told, because it could then be used again after a restart.
   * @returns the answer with what is left of it, or undefined
   */
  async take(binding: Sha256): Promise<LateAnswer | undefined> {
    const list = this.#kept.get(binding)?.filter((kept) => this.#alive(kept)) ?? []
    const first = list.shift()
    if (first) first.answer = { ...first.answer, left: first.answer.left - 1 }
    if (first && first.answer.left > 0) list.unshift(first)
    if (list.length > 0) this.#kept.set(binding, list)
    else this.#kept.delete(binding)
    if (first && isApproval(first.answer)) await this.#anchorAll()
    return first?.answer
  }

  /** @returns the withdrawn ones */
  async withdraw(which: (answer: LateAnswer) => boolean): Promise<readonly LateAnswer[]> {
    const gone: LateAnswer[] = []
    for (const [binding, list] of this.#kept) {
      const rest = list.filter((kept) => !which(kept.answer))
      gone.push(...list.filter((kept) => which(kept.answer)).map((kept) => kept.answer))
      if (rest.length > 0) this.#kept.set(binding, rest)
      else this.#kept.delete(binding)
    }
    if (gone.some(isApproval)) await this.#anchorAll()
    return gone
  }

  #keep(answer: LateAnswer): void {
    const deadlineMs = this.clock.monotonicMs() + (answer.until - this.clock.now())
    this.#kept.set(answer.binding, [...(this.#kept.get(answer.binding) ?? []), { answer, deadlineMs }])
  }

  #alive(kept: Kept): boolean {
    return kept.deadlineMs > this.clock.monotonicMs()
  }

  /** One after the other, each with what is true when it runs, so that an older list never ends up on top. */
  #anchorAll(): Promise<void> {
    const next = () => this.anchor.save(this.#marks())
    this.#anchoring = this.#anchoring.then(next, next)
    return this.#anchoring
  }

  #marks(): string[] {
    const alive = [...this.#kept.values()].flat().filter((kept) => isApproval(kept.answer) && this.#alive(kept))
    return alive.map((kept) => markOf(kept.answer))
  }
}

const isApproval = (answer: LateAnswer) => answer.state === 'approved'
const markOf = (answer: LateAnswer) => `${answer.id}:${answer.left}`

/** What is left of an answer in the store; nothing for one that is used up. */
export function lateAnswerOf(record: ApprovalRecord): LateAnswer[] {
  const { id, binding, state, releases, releaseUntil, reason, content } = record
  if ((state !== 'approved' && state !== 'denied') || releases < 1 || releaseUntil === undefined) return []
  const { expectContent } = content
  const facts = { id, binding, state, left: releases, until: releaseUntil }
  return [{ ...facts, ...(reason ? { reason } : {}), ...(expectContent ? { expectContent } : {}) }]
}
