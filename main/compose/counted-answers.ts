import type { AnswerStore, AnswersSoFar } from '../approvals/answer-store.ts'
import type { DecisionNote } from '../approvals/approvals.ts'
import { isMark, type MarkValue } from '../approvals/shared-values.ts'
import type { CallHistory } from '../permissions/risk.ts'

/** Counts how a question about a call ended; one that was withdrawn says nothing of the person. */
export function countAnswer(answers: AnswerStore, note: DecisionNote, mark?: MarkValue): void {
  const { bound, state, scope, client, count = 1 } = note
  if (note.kind !== 'call' || bound === undefined || state === 'pending' || state === 'cancelled') return
  const { clientId, workspace, server, entry, pin, values = {} } = bound
  const marks = mark ? Object.entries(values).map(([pointer, value]) => mark(entry, pin, pointer, value)) : []
  const places = [...(bound.places ?? []), ...marks]
  const answer = state === 'approved' ? (scope ?? 'once') : state
  const at = Date.now() as Parameters<AnswerStore['note']>[0]['at']
  answers.note({ clientId, client, workspace, server, entry, places, answer, count, at })
}

export const historyOf = ({ allowed, denied, places }: AnswersSoFar): CallHistory => ({
  allowed,
  denied,
  destinations: new Set(
    [...places].filter(([place, sums]) => sums.allowed > 0 && !isMark(place)).map(([place]) => place),
  ),
})
