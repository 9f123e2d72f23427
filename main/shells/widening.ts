import type { Decision, Question } from '../../shared/contract/approvals.ts'
import type { GuardedCall } from './serve-contract.ts'

export type QuestionKind = Question['subject']['kind']

/** The decision in an `approvals.decide` call, if it is one. */
export function decisionIn(call: GuardedCall): Decision | undefined {
  return call.channel === 'approvals.decide' ? (call.input as Decision) : undefined
}

/**
 * Whether a call widens rights (DESIGN section 2: only the person widens rights). A route says so itself; of decisions, all
 * that allow do, except allowing a call just once. `kindOf` says what a question is about; one it does not know widens.
 */
export function widens(call: GuardedCall, kindOf: (id: string) => QuestionKind | undefined): boolean {
  const decision = decisionIn(call)
  if (!decision) return call.route.widens === true
  if (decision.decision === 'deny') return false
  return decision.scope !== 'once' || kindOf(decision.id) !== 'call'
}
