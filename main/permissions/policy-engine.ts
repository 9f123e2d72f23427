import { randomUUID } from 'node:crypto'
import {
  type CedarValueJson,
  type Policy,
  policyToText,
  preparsePolicySet,
  statefulIsAuthorized,
  validate,
} from '@cedar-policy/cedar-wasm/nodejs'
import { inputInvalid } from '../../shared/errors.ts'
import { policySchema } from './policy-schema.ts'
import { forbiddingCall, mayConcernUnattended } from './policy-scope.ts'

const ofUnattended = ' unattended'

export type PolicyContext = Readonly<Record<string, CedarValueJson>>
export interface PolicyRequest {
  readonly client: string
  readonly entry: string
  readonly context: PolicyContext
}
export interface PolicyDecision {
  readonly effect: 'allow' | 'ask' | 'deny'
  /** Policies that decided: the permits of an `allow`, the forbids of a `deny`, the forbids (if any) behind an `ask`. */
  readonly policies: readonly string[]
}

/** Cedar with pre-parsed policy sets. One set per slice, parsed when its slice is first used or changed. */
export class PolicyEngine {
  readonly #instance: string
  /** Slices with a set of their own for `callUnattended`, without policies that say nothing of it: about 7 µs each. */
  readonly #unattended = new Set<string>()
  /** By slice, where one answer of Cedar tells both actions. */
  readonly #forbidding = new Map<string, ReadonlySet<string>>()

  /** @param instance sets of an earlier engine of this name are replaced: Cedar never lets go of one */
  constructor(instance: string = randomUUID()) {
    this.#instance = instance
  }

  /**
   * @param policies by id
   * @throws input.invalid when a policy does not fit the schema
   */
  check(policies: Readonly<Record<string, Policy>>): void {
    const answer = validate({ schema: policySchema, policies: { staticPolicies: policies } })
    if (answer.type === 'failure') throw inputInvalid(answer.errors[0]?.message ?? 'not a Cedar policy')
    const [first] = answer.validationErrors
    if (first !== undefined) throw inputInvalid(first.error.message)
  }

  /** Parses the policies of a slice and keeps them under its name, in place of what was there. */
  load(slice: string, policies: Readonly<Record<string, Policy>>): void {
    this.#forbidding.delete(slice)
    this.#unattended.delete(slice)
    this.#parse(slice, policies)
    const about = Object.entries(policies).filter(([id, policy]) => mayConcernUnattended(id, policy))
    if (about.length < Object.keys(policies).length) {
      this.#parse(`${slice}${ofUnattended}`, Object.fromEntries(about))
      this.#unattended.add(slice)
    }
    const forbidding = forbiddingCall(policies)
    if (forbidding !== undefined) this.#forbidding.set(slice, forbidding)
  }

  /**
   * Whatever forbids `call` forbids `callUnattended` too (every policy is made in this folder, and a test compares), so
   * `call` counts only when `callUnattended` is not allowed, and Cedar is asked for it only where the policies that
   * forbade `callUnattended` (Cedar names all of them) do not tell: a question to Cedar costs about 20 µs.
   * @throws Error on any evaluation error: Cedar itself would skip the policy that failed, which might be a forbid
   */
  decide(slice: string, request: PolicyRequest): PolicyDecision {
    const unattended = this.authorize(slice, 'callUnattended', request)
    if (unattended.allowed) return { effect: 'allow', policies: unattended.policies }
    const forbidding = this.#forbidding.get(slice)
    if (forbidding !== undefined) {
      const denying = unattended.policies.filter((id) => forbidding.has(id))
      return denying.length > 0
        ? { effect: 'deny', policies: denying }
        : { effect: 'ask', policies: unattended.policies }
    }
    const call = this.authorize(slice, 'call', request)
    return call.allowed ? { effect: 'ask', policies: unattended.policies } : { effect: 'deny', policies: call.policies }
  }

  /** As Cedar text, for the person to read. */
  text(policy: Policy): string {
    const answer = policyToText(policy)
    return answer.type === 'success' ? answer.text : ''
  }

  /** One action of the two. @throws Error on any evaluation error */
  authorize(slice: string, action: 'call' | 'callUnattended', request: PolicyRequest) {
    const only = action === 'callUnattended' && this.#unattended.has(slice)
    const answer = statefulIsAuthorized({
      principal: { type: 'Client', id: request.client },
      action: { type: 'Action', id: action },
      resource: { type: 'Entry', id: request.entry },
      context: request.context,
      preparsedPolicySetId: this.#id(only ? `${slice}${ofUnattended}` : slice),
      entities: [],
    })
    if (answer.type === 'failure') throw new Error(`policy evaluation failed: ${answer.errors[0]?.message}`)
    const { decision, diagnostics } = answer.response
    if (diagnostics.errors.length > 0) throw new Error(`policy ${diagnostics.errors[0]?.policyId} failed to evaluate`)
    return { allowed: decision === 'allow', policies: diagnostics.reason }
  }

  #parse(set: string, policies: Readonly<Record<string, Policy>>): void {
    const answer = preparsePolicySet(this.#id(set), { staticPolicies: policies })
    if (answer.type === 'failure') throw new Error(`policies of ${set}: ${answer.errors[0]?.message}`)
  }

  #id = (slice: string) => `${this.#instance}/${slice}`
}
