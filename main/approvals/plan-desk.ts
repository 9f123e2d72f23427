import { type ApprovalId, type EpochMs, newId } from '../../shared/domain/ids.ts'
import { policyDenied } from '../../shared/errors.ts'
import type { ApprovalRecord } from './approval.ts'
import type { ApprovalStore } from './approval-store.ts'
import type { ApprovalSettings } from './approvals-parts.ts'
import { askedHash, callDraft } from './call-draft.ts'
import type { Clock } from './clock.ts'
import { type LateAnswers, lateAnswerOf } from './late-answers.ts'
import type { OpenQuestions } from './open-questions.ts'
import { asksFor, type Plan, type PlanAnswer, type PlannedCall, planDraft } from './plans.ts'
import type { Say } from './question-text.ts'

/** Milliseconds an approved plan may take at most. */
const longestMs = 24 * 60 * 60 * 1000
const mostSteps = 200

export interface PlanDeskParts {
  readonly open: OpenQuestions
  readonly late: LateAnswers
  readonly store: ApprovalStore
  readonly clock: Clock
  readonly say: Say
  readonly settings: () => ApprovalSettings
  /** @throws approvals.flood */
  readonly refuseFlood: (asker: string, client: string) => void
}

/** Asks about a plan once, and keeps one answer for each of its steps: used by the call itself, like any late answer. */
export class PlanDesk {
  constructor(private readonly parts: PlanDeskParts) {}

  /** @throws policy.denied when a step may not happen at all; approvals.flood */
  async ask(plan: Plan): Promise<PlanAnswer> {
    const { open, say, refuseFlood } = this.parts
    const refused = plan.calls.find(({ verdict }) => verdict.effect === 'deny')
    if (refused) throw policyDenied(refused.entry.name, refused.verdict.rule)
    if (plan.calls.length > mostSteps) throw new RangeError(`a plan has at most ${mostSteps} steps`)
    const asked = plan.calls.filter(asksFor)
    const [first] = asked
    if (first === undefined) return { state: 'approved', releases: [] }
    refuseFlood(first.client.id, first.client.name)
    const question = open.open(planDraft(plan, say))
    const { state } = await open.wait(question, { signal: plan.signal ?? new AbortController().signal })
    if (state !== 'approved')
      return { state: state === 'denied' || state === 'expired' ? state : 'cancelled', releases: [] }
    return { state, releases: await this.#release(asked, plan.validMs) }
  }

  async #release(calls: readonly PlannedCall[], validMs?: number): Promise<ApprovalId[]> {
    const lastsMs = Math.min(validMs ?? this.parts.settings().releaseMs, longestMs)
    const now = this.parts.clock.now()
    const until = (now + lastsMs) as EpochMs
    const records = calls.map((call) => this.#record(call, now, until))
    for (const record of records) {
      this.parts.store.save(record)
      for (const answer of lateAnswerOf(record)) await this.parts.late.add(answer)
    }
    return records.map(({ id }) => id)
  }

  #record(call: PlannedCall, now: EpochMs, until: EpochMs): ApprovalRecord {
    const { say } = this.parts
    const id = newId('approval')
    const { kind, entry, binding, question, content } = callDraft(call, askedHash(call), {
      preview: undefined,
      last: undefined,
      say,
    })
    return {
      id,
      kind,
      state: 'approved',
      client: call.client.name,
      clientId: call.client.id,
      entry,
      title: question.title,
      binding,
      createdAt: now,
      expiresAt: until,
      decidedAt: now,
      decidedBy: say('plan.by'),
      scope: 'once',
      releases: 1,
      releaseUntil: until,
      content: { ...content, question: { ...question, id, createdAt: now, expiresAt: until, count: 1 } },
    }
  }
}
