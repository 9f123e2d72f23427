import type { z } from 'zod'
import type { grant as contractGrant, defaultRule } from '../../shared/contract/permissions.ts'
import type { conflict, rulePreview } from '../../shared/contract/rules.ts'
import { askedIn } from '../../shared/domain/askable.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName, EpochMs, GrantId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { type Preset, presets } from '../../shared/domain/preset.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import { GatehouseError } from '../../shared/errors.ts'
import type { Language } from '../../shared/messages/messages.ts'
import { type RuleWords, ruleWords } from '../../shared/messages/rule-words.ts'
import type { Folders } from './allowances.ts'
import { type Conflict, findConflicts, type Known } from './conflicts.ts'
import { policiesOf, presetChange } from './default-policies.ts'
import { Explainer, type Explanation } from './explain.ts'
import type { Grant, NewGrant } from './grant.ts'
import { fits } from './grant-store.ts'
import type { Permissions, Suspension } from './permissions.ts'
import { PolicyEngine } from './policy-engine.ts'
import { newRule, type RuleDraft, toContract } from './rule-draft.ts'
import { allowedPolicy, rulePolicy } from './rule-policy.ts'
import { grantSentence } from './sentences.ts'

type ContractGrant = z.input<typeof contractGrant> & { readonly id: GrantId }
type Made = ContractGrant & { warnings: string[] }
type Recorder = (sentence: string) => void

export interface RulesParts {
  readonly permissions: Permissions
  readonly folders: Folders
  /**
   * The call as the kernel's own stages would see it, without making it.
   * @throws catalog.unknown, client.unpaired
   */
  readonly factsOf: (client: string, tool: EntryName, args: JsonObject) => CallFacts
  /** What there is for rules to be about. */
  readonly known: () => Known
  readonly language?: () => Language
  readonly now?: () => EpochMs
}

/** The person's rules, as shared/contract/permissions.ts offers them to window and CLI. */
export class Rules {
  readonly #explainer: Explainer
  readonly #engine = new PolicyEngine('texts')

  constructor(private readonly parts: RulesParts) {
    this.#explainer = new Explainer(parts.permissions)
  }

  list() {
    const { permissions } = this.parts
    return {
      grants: permissions.grants().map(({ grant, suspended }) => this.#shown(grant, suspended)),
      defaults: policiesOf(permissions.preset).map(this.#shownPolicy),
      preset: permissions.preset,
      conflicts: this.conflicts(),
    }
  }

  conflicts = (): z.input<typeof conflict>[] =>
    this.#conflicts(this.#rules()).map(({ rule, kind, other }) => ({
      id: rule.id,
      kind,
      sentence: this.#conflictSentence({ rule, kind, ...(other ? { other } : {}) }),
      ...(other === undefined ? {} : { other: other.id }),
    }))

  /** @param record gets the rule's sentence once it is sure to be made; when it throws, the rule is not made */
  allow = (draft: RuleDraft, record?: Recorder): Made => this.#add('allow', draft, record)
  ask = (draft: RuleDraft, record?: Recorder): Made => this.#add('ask', draft, record)
  deny = (draft: RuleDraft, record?: Recorder): Made => this.#add('deny', draft, record)

  revoke = ({ id }: { readonly id: GrantId }, record?: () => void): { revoked: boolean } => ({
    revoked: this.parts.permissions.revoke(id, record),
  })

  /** @throws input.invalid when it can no longer be put back */
  putBack = ({ id }: { readonly id: GrantId }, record: () => void): { sentence: string } => ({
    sentence: grantSentence(this.parts.permissions.putBack(id, record), this.#say),
  })

  /** How a rule would read, and what would not work about it. @throws input.invalid */
  preview({ effect, draft }: { readonly effect: Effect; readonly draft: RuleDraft }): z.input<typeof rulePreview> {
    const rule = this.#asGrant(this.newRule(effect, draft))
    return { sentence: grantSentence(rule, this.#say), cedar: this.#cedar(rule), warnings: this.#warnings(rule) }
  }

  /** What `draft` comes to. @throws input.invalid for an end in the past or a folder that is none */
  newRule = (effect: Effect, draft: RuleDraft): NewGrant =>
    newRule(effect, draft, this.parts.folders, this.parts.now?.() ?? (Date.now() as EpochMs))

  /** @throws catalog.unknown, client.unpaired */
  factsOf = (client: string, tool: EntryName, args: JsonObject): CallFacts => this.parts.factsOf(client, tool, args)

  test({ client, tool, arguments: args }: { client: string; tool: EntryName; arguments: JsonObject }): Explanation {
    const explained = this.#explainer.explain(this.parts.factsOf(client, tool, args), this.#say)
    if (askedIn(tool) === undefined || explained.effect === 'deny') return explained
    // what a server asks needs no question of its own: the app or the window puts it to the person
    const reasons = [this.#say('reason.asks')]
    return { ...explained, effect: 'allow', risk: 'low', reasons, change: [this.#say('change.asks', { tool })] }
  }

  /** What the rules say of a call without arguments; undefined for a tool the client does not see. */
  effectOf(client: string, tool: EntryName): Effect | undefined {
    try {
      return this.parts.permissions.evaluate(this.parts.factsOf(client, tool, {})).effect
    } catch (error) {
      if (error instanceof GatehouseError) return undefined
      throw error
    }
  }

  presets() {
    const present = this.parts.permissions.preset
    return presets.map((preset) => {
      const { added, removed } = presetChange(present, preset)
      const sentences = (some: typeof added) => some.map(({ id }) => this.#say(`default.${id as 'granted'}`))
      return {
        id: preset,
        name: this.#say(`preset.${preset}`),
        current: preset === present,
        wider: presets.indexOf(preset) > presets.indexOf(present),
        sentences: {
          allow: this.#say(`preset.${preset}.allow`),
          ask: this.#say(`preset.${preset}.ask`),
          deny: this.#say(`preset.${preset}.deny`),
        },
        policies: policiesOf(preset).map(this.#shownPolicy),
        added: sentences(added),
        removed: sentences(removed),
      }
    })
  }

  setPreset({ preset }: { readonly preset: Preset }, record?: (wider: boolean) => void): { preset: Preset } {
    this.parts.permissions.setPreset(preset, record)
    return { preset: this.parts.permissions.preset }
  }

  get #say(): RuleWords {
    return ruleWords(this.parts.language?.() ?? 'en')
  }

  #add(effect: Effect, draft: RuleDraft, record?: Recorder): Made {
    const wanted = this.newRule(effect, draft)
    const grant = this.parts.permissions.add(wanted, () => record?.(grantSentence(wanted)))
    return { ...this.#shown(grant), warnings: this.#warnings(grant) }
  }

  #rules = () => this.parts.permissions.grants().map(({ grant }) => grant)

  #conflicts(rules: readonly Grant[]): readonly Conflict[] {
    return findConflicts(rules, this.parts.known(), this.parts.folders, (rule) => this.#usedUp(rule))
  }

  #usedUp({ id, conditions }: Grant): boolean {
    const used = this.parts.permissions.used(id)
    return conditions?.budget !== undefined && used !== undefined && !fits(conditions.budget, used, 0)
  }

  /** About this rule, and about others that it makes useless. */
  #warnings(rule: Grant): string[] {
    const others = this.#rules().filter(({ id }) => id !== rule.id)
    return this.#conflicts([...others, rule])
      .filter((found) => found.rule === rule || found.other === rule)
      .map((found) =>
        found.rule === rule
          ? this.#conflictSentence(found)
          : `${grantSentence(found.rule, this.#say)} ${this.#conflictSentence(found)}`,
      )
  }

  #conflictSentence({ rule, kind, other }: Conflict): string {
    return this.#say(`conflict.${kind}`, {
      other: other === undefined ? '' : grantSentence(other, this.#say),
      client: rule.client,
      tool: rule.tool,
      path: rule.path ?? '',
      workspace: rule.conditions?.workspace ?? '',
    })
  }

  /** As the latest rule there is. */
  #asGrant(wanted: NewGrant): Grant {
    const seq = 1 + Math.max(0, ...this.#rules().map((rule) => rule.seq))
    return { ...wanted, id: 'gr_draft' as GrantId, seq, createdAt: 0 as EpochMs }
  }

  #cedar(rule: Grant): string {
    const sentence = grantSentence(rule, this.#say)
    return this.#engine.text(rule.effect === 'allow' ? allowedPolicy(rule, sentence) : rulePolicy(rule, sentence))
  }

  #shown(grant: Grant, suspended?: Suspension): ContractGrant {
    const used = grant.conditions?.budget === undefined ? undefined : this.parts.permissions.used(grant.id)
    return {
      ...toContract(grant, grantSentence(grant, this.#say), this.#cedar(grant)),
      ...(used === undefined ? {} : { used }),
      ...(suspended === undefined ? {} : { suspended: this.#say(`suspended.${suspended}`) }),
    }
  }

  #shownPolicy = ({ id, effect, cedar }: ReturnType<typeof policiesOf>[number]): z.output<typeof defaultRule> => ({
    id,
    effect,
    cedar,
    sentence: this.#say(`default.${id as 'granted'}`),
  })
}
