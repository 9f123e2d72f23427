import type { Decision } from '../../shared/contract/approvals.ts'
import { cellHash } from '../../shared/domain/binding.ts'
import type { EntryName, EpochMs, ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { AllowScope } from '../../shared/domain/verdict.ts'
import { approvalStale, inputInvalid } from '../../shared/errors.ts'
import { sha256 } from './approval.ts'
import type { ApprovalSettings, ApprovalsParts, ToRemember } from './approvals-parts.ts'
import type { Clock } from './clock.ts'
import { noteOfOpen } from './decision-note.ts'
import { answersTo } from './elicitation.ts'
import type { LateAnswers } from './late-answers.ts'
import type { OpenQuestion, OpenQuestions } from './open-questions.ts'

export interface DecisionsParts extends Pick<ApprovalsParts, 'auditNote' | 'remember' | 'present'> {
  readonly open: OpenQuestions
  readonly late: LateAnswers
  readonly clock: Clock
  readonly settings: () => ApprovalSettings
}

/** @throws input.invalid naming the field that is missing or does not fit */
function takeAnswers(question: OpenQuestion, { answers }: Decision): void {
  const { subject } = question.draft.question
  if (subject.kind !== 'elicitation') return
  const checked = answersTo(subject, (answers ?? {}) as JsonObject)
  if ('misfit' in checked) throw inputInvalid(`“${checked.misfit}” is missing or does not fit.`)
  question.answers = checked.content
}

/** Carries the person's answers out: records each, remembers what reaches further than one call, releases who waits. */
export class Decisions {
  readonly #open: OpenQuestions
  readonly #late: LateAnswers

  constructor(private readonly parts: DecisionsParts) {
    this.#open = parts.open
    this.#late = parts.late
  }

  deny(question: OpenQuestion, decision: Decision, by: string): void {
    const reason = decision.reason ? { reason: decision.reason } : {}
    const facts = { decidedBy: by, ...reason, ...this.#owed(question.absent) }
    this.parts.auditNote({ ...noteOfOpen(question), state: 'denied', by, ...reason })
    if (question.absent > 0) void this.#late.add({ ...this.#lateFacts(question), state: 'denied', ...reason })
    this.#open.endAll(question, 'denied', { state: 'denied', ...reason }, facts)
  }

  /** @throws approvals.stale when what was shown has changed; input.invalid for a scope not offered */
  async allow(question: OpenQuestion, decision: Decision, by: string): Promise<void> {
    const { scope, until, count } = decision
    if (!question.draft.question.scopes.some((offered) => offered.scope === scope))
      throw inputInvalid('This answer is not offered for this question.')
    this.#refuseStale(question)
    takeAnswers(question, decision)
    question.deciding = true
    try {
      await this.#carryOut(question, { scope, count, by, ...(until === undefined ? {} : { until }) })
    } finally {
      question.deciding = false
      this.#open.expireIfDue(question)
    }
  }

  async #carryOut(
    question: OpenQuestion,
    answer: { readonly scope: AllowScope; readonly until?: EpochMs; readonly count: number; readonly by: string },
  ): Promise<void> {
    const { scope, by, until } = answer
    const dated = until === undefined ? {} : { until }
    const { bound, expectContent } = question.draft.content
    this.parts.auditNote({ ...noteOfOpen(question), state: 'approved', by, scope, count: answer.count, ...dated })
    if (scope !== 'once' && bound) {
      const proposed = this.#proposed(question, scope)
      await this.parts.remember({ ...bound, ...proposed, approval: question.id, scope, by, ...dated })
    }
    if (question.ended) return
    const reach = scope === 'once' && question.draft.kind === 'call' ? answer.count : Number.POSITIVE_INFINITY
    const owed = scope === 'once' ? Math.min(question.absent, Math.max(0, reach - question.waiters.size)) : 0
    const pinned = expectContent ? { expectContent } : {}
    const approved = { ...this.#lateFacts(question), state: 'approved', left: owed, ...pinned } as const
    const anchored = owed > 0 ? this.#late.add(approved) : undefined
    const waiters = this.#open.end(question, 'approved', { decidedBy: by, scope, ...this.#owed(owed) })
    const covered = waiters.filter(({ session }) => scope !== 'session' || session === bound?.sessionId).slice(0, reach)
    const left = waiters.filter((waiter) => !covered.includes(waiter))
    this.#open.carryOver(left, scope === 'session' ? 0 : question.absent - owed) // the absent are judged when they come
    for (const waiter of covered) waiter.settle({ state: 'approved', id: question.id, ...pinned })
    await anchored // an app killed right after the person was thanked still knows the answer
  }

  /** Exactly the folder, host or values that were offered. */
  #proposed({ draft }: OpenQuestion, scope: AllowScope): Pick<ToRemember, 'folder' | 'host' | 'values'> {
    const found = draft.content.proposals?.find((proposal) => proposal.scope === scope)
    if (found?.scope === 'folder') return { folder: found.folder }
    if (found?.scope === 'values') return { values: found.values }
    return found?.scope === 'host' ? { host: found.host } : {}
  }

  #owed(releases: number) {
    return { releases, ...(releases > 0 ? { releaseUntil: this.#releaseUntil() } : {}) }
  }

  #lateFacts(question: OpenQuestion) {
    const { id, draft, absent } = question
    return { id, binding: draft.binding, left: absent, until: this.#releaseUntil() }
  }

  #releaseUntil(): EpochMs {
    return (this.parts.clock.now() + this.parts.settings().releaseMs) as EpochMs
  }

  /** @throws approvals.stale; everyone who waits is told so, and the next call asks anew */
  #refuseStale(question: OpenQuestion): void {
    const { bound } = question.draft.content
    if (!bound || isPresent(this.parts.present, bound.server, bound.entry, bound.pin, bound.cell)) return
    this.#open.endAll(question, 'cancelled', { state: 'stale' })
    throw approvalStale(bound.entry)
  }
}

/** The entry with this pin, and its server, are as they were. */
export function isPresent(
  find: ApprovalsParts['present'],
  server: ServerName,
  entry: EntryName,
  pin: Sha256,
  cell: Sha256,
): boolean {
  const present = find(server, entry, pin)
  if (!present || present.entry.quarantine) return false
  return present.entry.pin === pin && cellHash(present.server, sha256) === cell
}
