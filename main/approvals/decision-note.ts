import type { ApprovalId, EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import type { AllowScope, RiskLevel } from '../../shared/domain/verdict.ts'
import type { ApprovalRecord, ApprovalState, BoundTo, QuestionKind } from './approval.ts'
import type { OpenQuestion } from './open-questions.ts'

/** For the audit log: every answer of the person, and every question that ended without one. */
export interface DecisionNote {
  readonly id: ApprovalId
  readonly kind: QuestionKind
  readonly state: ApprovalState
  readonly by?: string
  readonly scope?: AllowScope
  readonly until?: EpochMs
  readonly count?: number
  readonly reason?: string
  readonly client: string
  readonly entry: string
  readonly binding: Sha256
  readonly risk?: RiskLevel
  /** Of a call: what the answer was about. */
  readonly bound?: BoundTo
}

export function noteOf(record: ApprovalRecord): DecisionNote {
  const { id, kind, state, client, entry, binding, content } = record
  return { id, kind, state, client, entry, binding, risk: content.question.risk, ...boundOf(content) }
}

export function noteOfOpen(question: OpenQuestion): Omit<DecisionNote, 'state'> {
  const { id, draft } = question
  const { kind, question: asked, entry, binding, content } = draft
  return { id, kind, client: asked.client, entry, binding, risk: asked.risk, ...boundOf(content) }
}

const boundOf = ({ bound }: { readonly bound?: BoundTo }) => (bound === undefined ? {} : { bound })
