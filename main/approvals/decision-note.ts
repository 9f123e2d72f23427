import type { ApprovalId, EpochMs, Sha256 } from '../../shared/domain/ids.ts'
import type { AllowScope } from '../../shared/domain/verdict.ts'
import type { ApprovalRecord, ApprovalState, QuestionKind } from './approval.ts'
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
}

export function noteOf(record: ApprovalRecord): DecisionNote {
  const { id, kind, state, client, entry, binding } = record
  return { id, kind, state, client, entry, binding }
}

export function noteOfOpen(question: OpenQuestion): Omit<DecisionNote, 'state'> {
  const { id, draft } = question
  return { id, kind: draft.kind, client: draft.question.client, entry: draft.entry, binding: draft.binding }
}
