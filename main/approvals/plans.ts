import { type ApprovalId, newId } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import { isAtLeast, type RiskLevel } from '../../shared/domain/verdict.ts'
import type { AskedCall } from './approval.ts'
import { sha256 } from './approval.ts'
import type { QuestionDraft } from './open-questions.ts'
import { reasonsOf, type Say, subjectOf, titleOf } from './question-text.ts'

/** A step of a plan: a judged call that will be made later, exactly so. */
export type PlannedCall = Omit<AskedCall, 'peer' | 'signal'>

export interface Plan {
  /** As the person knows it: “Tidy the notes”. */
  readonly name: string
  readonly calls: readonly PlannedCall[]
  /** Milliseconds within which the steps must be made. */
  readonly validMs?: number
  readonly signal?: AbortSignal
}

export interface PlanAnswer {
  readonly state: 'approved' | 'denied' | 'expired' | 'cancelled'
  /** One for each step that asks, in order; each lets its step through once. */
  readonly releases: readonly ApprovalId[]
}

/** What is asked about at all: a step that is allowed needs no answer, one of critical risk is always asked by itself. */
export const asksFor = ({ verdict }: PlannedCall): boolean => verdict.effect === 'ask' && verdict.risk !== 'critical'

/** One question for all steps of a plan, each shown with its exact arguments. */
export function planDraft({ name, calls }: Plan, say: Say): QuestionDraft {
  const asked = calls.filter(asksFor)
  const [first] = asked
  if (first === undefined) throw new TypeError('a plan without a step that asks needs no question')
  const client = first.client.name
  const title = say('title.plan', { client, name, count: String(asked.length) })
  const highest = asked.reduce<RiskLevel>(
    (risk, { verdict }) => (isAtLeast(verdict.risk, risk) ? verdict.risk : risk),
    'low',
  )
  return {
    kind: 'verb',
    binding: sha256(newId('approval')),
    asker: first.client.id,
    entry: name,
    question: {
      client,
      clientId: first.client.id,
      workspace: first.client.workspace,
      title,
      risk: highest,
      reasons: [say('why.plan', { count: String(asked.length) })],
      subject: {
        kind: 'plan',
        name,
        steps: asked.map((call) => {
          const { server, entry, tool, arguments: args, commands, urls, paths } = subjectOf(call)
          const said = { title: titleOf(call, say), risk: call.verdict.risk, reasons: reasonsOf(call, say) }
          return { ...said, server, entry, tool, arguments: args as Json, commands, urls, paths }
        }),
      },
      scopes: [{ scope: 'once', consequence: say('scope.plan') }],
    },
    content: {},
  }
}
