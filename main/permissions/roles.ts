import type { z } from 'zod'
import type { role, roleDraft } from '../../shared/contract/rules.ts'
import { type SystemRole, systemRoles } from '../../shared/domain/role.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { Grant, NewGrant } from './grant.ts'
import type { Permissions } from './permissions.ts'
import { grantSentence } from './sentences.ts'

type ShownRole = z.input<typeof role>
type RoleDraft = z.output<typeof roleDraft>

const origin = 'role '

/**
 * What clients may do at all, by role: kept as a rule that denies everything the role does not hold, so that it is sealed,
 * listed, judged and explained like any other. Without one a client has the role `full`.
 */
export class Roles {
  constructor(private readonly permissions: Permissions) {}

  list = (): ShownRole[] => this.#rules().map(shown)

  /**
   * @param record gets the sentence once it is sure to be made
   * @throws input.invalid when neither a role nor permissions are named
   */
  set(draft: RoleDraft, record?: (sentence: string) => void): ShownRole | undefined {
    const { client, workspace, role: name, permissions } = draft
    if ((name === undefined) === (permissions === undefined)) throw inputInvalid('Name a role, or permissions.')
    const unless = permissions ?? systemRoles[name as SystemRole]
    const before = this.#rules().filter((rule) => rule.client === client && rule.conditions?.workspace === workspace)
    const wanted: NewGrant = {
      effect: 'deny',
      scope: 'rule',
      client,
      tool: '*',
      conditions: { unless: [...unless], ...(workspace === undefined ? {} : { workspace }) },
      origin: `${origin}${name ?? 'custom'}`,
    }
    const limits = !unless.some((text) => text === 'mcp:*' || text === '*')
    const made = limits ? this.permissions.add(wanted, () => record?.(grantSentence(wanted))) : undefined
    if (made === undefined) record?.(`${client} has the role full`)
    for (const rule of before) this.permissions.revoke(rule.id)
    return made && shown(made)
  }

  #rules = (): Grant[] =>
    this.permissions
      .grants()
      .map(({ grant }) => grant)
      .filter((grant) => grant.conditions?.unless !== undefined)
}

const shown = (rule: Grant): ShownRole => ({
  id: rule.id,
  client: rule.client,
  ...(rule.conditions?.workspace === undefined ? {} : { workspace: rule.conditions.workspace }),
  role: rule.origin.startsWith(origin) ? rule.origin.slice(origin.length) : 'custom',
  permissions: [...(rule.conditions?.unless ?? [])],
  sentence: grantSentence(rule),
})
