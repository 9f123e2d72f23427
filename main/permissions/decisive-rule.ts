import type { CallFacts } from '../../shared/domain/call.ts'
import type { ActionKind, Effect } from '../../shared/domain/verdict.ts'
import type { DefaultPolicy } from './default-policies.ts'
import type { Grant } from './grant.ts'
import { mergedIds } from './rule-policy.ts'
import { grantName } from './sentences.ts'
import { holdsFor, type Touched } from './touched.ts'

export interface Decided {
  readonly effect: Effect
  /** Policies Cedar names. */
  readonly policies: readonly string[]
  /** The latest grant that allows the call. */
  readonly granted: Grant | undefined
  /** Asking and denying rules whose client and tool fit. */
  readonly restrictions: readonly Grant[]
  readonly action: ActionKind
  readonly touched: Touched
}

/** The person's own rule behind a decision, if it is one. */
export function decisiveGrant(call: CallFacts, decided: Decided): Grant | undefined {
  const { effect, policies, granted, restrictions, action, touched } = decided
  if (effect === 'allow' && granted !== undefined && policies.includes('granted')) return granted
  const kind = (['deny', 'ask'] as const).find((one) => policies.includes(mergedIds[one]))
  return restrictions.find(
    (rule) =>
      rule.effect === kind &&
      rule.seq > (kind === 'ask' ? (granted?.seq ?? 0) : 0) &&
      holdsFor(rule, call, action, touched),
  )
}

/** The default rule behind a decision that no rule of the person made; undefined when nothing allows the call. */
export const decisiveDefault = ({ effect, policies }: Decided, defaults: readonly DefaultPolicy[]) =>
  defaults.find(({ id }) => policies.includes(id)) ??
  (effect === 'ask' ? defaults.find(({ id }) => id === 'ask-otherwise') : undefined)

export function ruleName(call: CallFacts, decided: Decided, defaults: readonly DefaultPolicy[]): string {
  const grant = decisiveGrant(call, decided)
  if (grant !== undefined) return grantName(grant)
  return decisiveDefault(decided, defaults)?.sentence ?? 'no rule allows it'
}
