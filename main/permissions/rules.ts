import type { z } from 'zod'
import type { grant as contractGrant, defaultRule, ruleDraft } from '../../shared/contract/permissions.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { EntryName, EpochMs, GrantId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Effect } from '../../shared/domain/verdict.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { Folders } from './allowances.ts'
import { defaultPolicies } from './default-policies.ts'
import type { Grant, NewGrant } from './grant.ts'
import type { Permissions } from './permissions.ts'
import { grantSentence } from './sentences.ts'

type ContractGrant = z.output<typeof contractGrant>
type RuleDraft = z.output<typeof ruleDraft>
type Recorder = (sentence: string) => void

export interface RulesParts {
  readonly permissions: Permissions
  readonly folders: Folders
  /**
   * The call as the kernel's own stages would see it, without making it.
   * @throws catalog.unknown, client.unpaired
   */
  readonly factsOf: (client: string, tool: EntryName, args: JsonObject) => CallFacts
  readonly now?: () => EpochMs
}

/** The person's rules, as shared/contract/permissions.ts offers them to window and CLI. */
export class Rules {
  constructor(private readonly parts: RulesParts) {}

  list(): { grants: ContractGrant[]; defaults: z.output<typeof defaultRule>[] } {
    return {
      grants: this.parts.permissions.grants().map(({ grant, suspended }) => toContract(grant, suspended)),
      defaults: defaultPolicies.map(({ id, sentence, effect, cedar }) => ({ id, sentence, effect, cedar })),
    }
  }

  /** @param record gets the rule's sentence once it is sure to be made; when it throws, the rule is not made */
  allow = (draft: RuleDraft, record?: Recorder): ContractGrant => this.#add('allow', draft, record)
  ask = (draft: RuleDraft, record?: Recorder): ContractGrant => this.#add('ask', draft, record)
  deny = (draft: RuleDraft, record?: Recorder): ContractGrant => this.#add('deny', draft, record)

  revoke = ({ id }: { readonly id: GrantId }, record?: () => void): { revoked: boolean } => ({
    revoked: this.parts.permissions.revoke(id, record),
  })

  test({
    client,
    tool,
    arguments: args,
  }: {
    readonly client: string
    readonly tool: EntryName
    readonly arguments: JsonObject
  }) {
    const { effect, rule, reasons } = this.parts.permissions.evaluate(this.parts.factsOf(client, tool, args))
    return { effect, rule, reasons: [...reasons] }
  }

  /** @throws input.invalid for an end in the past or a folder that is none */
  #add(effect: Effect, draft: RuleDraft, record?: Recorder): ContractGrant {
    const now = this.parts.now?.() ?? Date.now()
    if (draft.until !== undefined && draft.until <= now) throw inputInvalid('The end of the rule lies in the past.')
    const wanted: NewGrant = {
      effect,
      scope: 'rule',
      client: draft.client,
      tool: draft.tool,
      ...(draft.path === undefined ? {} : { path: this.#folder(draft.path) }),
      ...(draft.until === undefined ? {} : { expiresAt: draft.until }),
      origin: 'person',
    }
    return toContract(this.parts.permissions.add(wanted, () => record?.(grantSentence(wanted))))
  }

  #folder(path: string): string {
    try {
      return this.parts.folders.real(path)
    } catch (error) {
      throw inputInvalid(`${path} is not a folder that can be used: ${error instanceof Error ? error.message : ''}`)
    }
  }
}

const toContract = (grant: Grant, suspended?: string): ContractGrant => ({
  id: grant.id,
  effect: grant.effect,
  client: grant.client,
  tool: grant.tool,
  ...(grant.path === undefined ? {} : { path: grant.path }),
  scope: grant.scope,
  sentence: grantSentence(grant),
  createdAt: grant.createdAt,
  ...(grant.expiresAt === undefined ? {} : { expiresAt: grant.expiresAt }),
  ...(suspended === undefined ? {} : { suspended }),
  origin: grant.origin,
})
