import { type Policy, type PolicyJson, policyToJson } from '@cedar-policy/cedar-wasm/nodejs'

type Action = 'call' | 'callUnattended'
interface Scope {
  readonly id: string
  readonly actions: readonly Action[]
  readonly forbids: boolean
  readonly unconditional: boolean
}

/**
 * Ids of the policies that forbid `call`, where what they say of `callUnattended` tells everything of `call` too: something
 * permits `call` without a condition, and whatever else concerns `call` concerns `callUnattended` alike. So `call` is
 * refused exactly when one of these forbids `callUnattended`.
 *
 * @returns undefined where that is not so, or not known: both actions have to be asked then
 */
export function forbiddingCall(policies: Readonly<Record<string, Policy>>): ReadonlySet<string> | undefined {
  const scopes: Scope[] = []
  for (const [id, policy] of Object.entries(policies)) {
    const scope = scopeOf(id, policy)
    if (scope === undefined) return undefined
    scopes.push(scope)
  }
  const ofCall = scopes.filter(({ actions }) => actions.includes('call'))
  const always = ({ forbids, unconditional }: Scope) => unconditional && !forbids
  const alike = ofCall.every((scope) => scope.actions.includes('callUnattended') || always(scope))
  if (!alike || !ofCall.some(always)) return undefined
  return new Set(ofCall.filter(({ forbids }) => forbids).map(({ id }) => id))
}

/** False only for a policy whose scope leaves out every action but `call`: Cedar would not look at it for the other. */
export const mayConcernUnattended = (id: string, policy: Policy): boolean =>
  scopeOf(id, policy)?.actions.includes('callUnattended') ?? true

function scopeOf(id: string, policy: Policy): Scope | undefined {
  const answer = typeof policy === 'string' ? policyToJson(policy) : undefined
  if (answer?.type === 'failure') return undefined
  const { effect, principal, action, resource, conditions } = (answer?.json ?? policy) as PolicyJson
  const actions = actionsOf(action)
  // a condition that looks at the action may hold for one and not for the other
  if (actions === undefined || JSON.stringify(conditions).includes('"Var":"action"')) return undefined
  const unconditional = principal.op === 'All' && resource.op === 'All' && conditions.length === 0
  return { id, actions, forbids: effect === 'forbid', unconditional }
}

function actionsOf(action: PolicyJson['action']): readonly Action[] | undefined {
  if (action.op === 'All') return ['call', 'callUnattended']
  const named = 'entities' in action ? action.entities : 'entity' in action ? [action.entity] : []
  const ids = named.map((one) => ('id' in one ? one.id : undefined))
  return ids.length > 0 && ids.every((one) => one === 'call' || one === 'callUnattended')
    ? (ids as Action[])
    : undefined
}
