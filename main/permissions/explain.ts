import { dirname } from 'node:path'
import type { CallFacts } from '../../shared/domain/call.ts'
import { presets } from '../../shared/domain/preset.ts'
import type { Effect, RiskLevel } from '../../shared/domain/verdict.ts'
import type { RuleWords } from '../../shared/messages/rule-words.ts'
import { callAttributes } from './call-attributes.ts'
import { type DefaultPolicy, policiesOf } from './default-policies.ts'
import type { Grant } from './grant.ts'
import type { Permissions } from './permissions.ts'
import { policyContext } from './policy-context.ts'
import { PolicyEngine } from './policy-engine.ts'
import { grantSentence, reasonSentence } from './sentences.ts'
import { untouched } from './touched.ts'

export interface Matched {
  /** A grant's id, or a default rule's. */
  readonly id: string
  readonly effect: Effect
  readonly sentence: string
  readonly decided: boolean
}

export interface Explanation {
  readonly effect: Effect
  readonly rule: string
  readonly reasons: readonly string[]
  readonly risk: RiskLevel
  /** Everything that holds for the call, the person's rules first. */
  readonly matched: readonly Matched[]
  /** What the person could do to have it otherwise. */
  readonly change: readonly string[]
}

/** Says of a call what was looked at, what decided, and what would change it. Looks at the rules as they are; calls nothing. */
export class Explainer {
  readonly #engine = new PolicyEngine('explain')

  constructor(private readonly permissions: Permissions) {}

  explain(call: CallFacts, say: RuleWords): Explanation {
    const { effect, rule, reasons, risk } = this.permissions.evaluate(call)
    const { granted, grants } = this.permissions.holding(call)
    const defaults = policiesOf(this.permissions.preset).filter((policy) => this.#holds(policy, call, granted))
    const decisive = decisiveOf(effect, grants, granted, defaults)
    const matched = [
      ...grants.map((grant) => ({
        id: grant.id,
        effect: grant.effect,
        sentence: grantSentence(grant, say),
        decided: grant === decisive,
      })),
      ...defaults
        .filter(({ id }) => id !== 'granted')
        .map((policy) => ({
          id: policy.id,
          effect: policy.effect,
          sentence: say(`default.${policy.id as 'granted'}`),
          decided: policy === decisive,
        })),
    ]
    const name = matched.find(({ decided }) => decided)?.sentence ?? (effect === 'deny' ? say('default.none') : rule)
    const sentences = reasons.map((reason) => reasonSentence(reason, say))
    const change = this.#change(call, effect, decisive, granted, say)
    return { effect, rule: name, reasons: sentences, risk, matched, change }
  }

  /** Whether the policy's own condition holds, whatever others say. */
  #holds({ id, cedar, effect, reads, concerns }: DefaultPolicy, call: CallFacts, granted: Grant | undefined): boolean {
    if (concerns?.(call.server) === false) return false
    const facts = { attributes: callAttributes(call), touched: untouched, granted: granted?.seq ?? 0 }
    const request = { client: call.client.id, entry: call.entry.name, context: policyContext(call, facts, reads) }
    const all = effect === 'deny' ? { all: 'permit (principal, action, resource);' } : {}
    this.#engine.load('one', { [id]: cedar, ...all })
    return this.#engine.authorize('one', 'call', request).allowed !== (effect === 'deny')
  }

  #change(
    call: CallFacts,
    effect: Effect,
    decisive: Grant | DefaultPolicy | undefined,
    granted: Grant | undefined,
    say: RuleWords,
  ): readonly string[] {
    const [client, tool] = [call.client.name, call.entry.name]
    if (decisive !== undefined && 'seq' in decisive) {
      const rule = grantSentence(decisive, say)
      if (decisive.conditions?.unless !== undefined) return [say('change.role', { client })]
      const undo = [say('change.revoke', { rule })]
      return effect === 'ask' ? [...undo, say('change.allow-after', { rule })] : undo
    }
    if (effect === 'deny') return this.#toAllow(call, decisive?.id, say)
    if (effect === 'allow') return granted ? [] : [say('change.rule-ask', { tool })]
    const wider = presets.find((preset) => this.#allowedUnder(preset, call))
    return [
      say('change.rule-allow', { tool, client }),
      ...(call.server.trusted || call.server.name === 'gatehouse'
        ? []
        : [say('change.trust', { server: call.server.name })]),
      ...(wider === undefined ? [] : [say('change.preset', { preset: say(`preset.${wider}`) })]),
    ]
  }

  #toAllow(call: CallFacts, policy: string | undefined, say: RuleWords): readonly string[] {
    const outside = call.paths.find(({ allowedBy }) => allowedBy === undefined)
    if (policy === 'outside-folders' && outside) return [say('change.folder', { folder: dirname(outside.real) })]
    const readOnly = call.paths.find(({ allowedBy }) => allowedBy?.access === 'read')?.allowedBy
    if (policy === 'read-only-folders' && readOnly) return [say('change.folder-write', { folder: readOnly.path })]
    if (policy === 'ended-folders' || policy === 'folder-rights') return [say(`change.${policy}`)]
    return []
  }

  #allowedUnder = (preset: (typeof presets)[number], call: CallFacts): boolean =>
    policiesOf(preset).some((policy) => policy.effect === 'allow' && this.#holds(policy, call, undefined))
}

/** Denied by a rule of the person, then by a default; asked by a rule made after what was allowed; allowed by the latest. */
function decisiveOf(
  effect: Effect,
  grants: readonly Grant[],
  granted: Grant | undefined,
  defaults: readonly DefaultPolicy[],
): Grant | DefaultPolicy | undefined {
  const own =
    effect === 'allow'
      ? granted
      : grants.find((grant) => grant.effect === effect && (effect === 'deny' || grant.seq > (granted?.seq ?? 0)))
  return own ?? defaults.find((policy) => policy.effect === effect && policy.id !== 'granted')
}
