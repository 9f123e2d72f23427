import type { EpochMs } from '../../shared/domain/ids.ts'
import { pattern } from '../../shared/domain/pattern.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import type { AnswerCount } from './answer-store.ts'

export interface SameAnswers {
  readonly client: string
  readonly tool: string
  readonly answer: 'allow' | 'deny'
  readonly count: number
}

/** Of a rule or remembered answer what tells whether it answers the questions already. */
export interface StandingRule {
  readonly effect: Effect
  readonly scope: string
  readonly client: string
  readonly tool: string
  readonly path?: string
  readonly conditions?: object
  readonly createdAt: EpochMs
}

/**
 * Questions asked often enough and always answered the same way: what could be a rule instead.
 *
 * @param rules those that hold: what they answer, or the person made one for since it was last asked, is not named again
 */
export function sameAnswers(
  counts: readonly AnswerCount[],
  rules: readonly StandingRule[] = [],
  least = 3,
): SameAnswers[] {
  const byTool = Map.groupBy(
    counts.filter(({ place, answer }) => place === undefined && answer !== 'expired'), // nobody answered those
    ({ client, tool }) => JSON.stringify([client, tool]),
  )
  return [...byTool.values()].flatMap((of) => {
    const ways = new Set(of.map(({ answer }): SameAnswers['answer'] => (answer === 'denied' ? 'deny' : 'allow')))
    const count = of.reduce((sum, one) => sum + one.count, 0)
    const [way] = ways
    const [first] = of
    if (ways.size !== 1 || !way || !first || count < least) return []
    const lastAt = Math.max(...of.map((one) => one.lastAt))
    if (rules.some((rule) => settles(rule, first, lastAt))) return []
    return [{ client: first.client, tool: first.tool, answer: way, count }]
  })
}

/** A rule for part of the calls settles what was asked before it; one that still lets questions through brings them back. */
function settles(rule: StandingRule, { client, tool }: Pick<AnswerCount, 'client' | 'tool'>, lastAt: number): boolean {
  // nothing that is allowed to any app holds for the command line
  if (client === 'cli' && rule.effect === 'allow' && rule.client !== 'cli') return false
  if (!pattern(rule.client).matches(client) || !pattern(rule.tool).matches(tool)) return false
  const whole = rule.path === undefined && rule.conditions === undefined
  if (rule.scope === 'tool') return true
  return rule.scope === 'rule' && (whole || rule.createdAt >= lastAt)
}
