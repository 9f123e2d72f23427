import type { z } from 'zod'
import type { definedRole, ownRoleDraft, role, roleDraft } from '../../shared/contract/rules.ts'
import { isSystemRole, lineOf, type OwnRole, ownRolesKept, permissionsOf, roleNames } from '../../shared/domain/role.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { Grant, NewGrant } from './grant.ts'
import type { Permissions } from './permissions.ts'
import { grantSentence } from './sentences.ts'

type ShownRole = z.input<typeof role>
type RoleDraft = z.output<typeof roleDraft>
type DefinedRole = z.input<typeof definedRole>
type OwnRoleDraft = z.output<typeof ownRoleDraft>
type Recorder = (sentence: string) => void

const origin = 'role '
const custom = 'custom'

/**
 * What clients may do at all, by role: kept as a rule that denies everything the role does not hold, so that it is sealed,
 * listed, judged and explained like any other. Without one a client has the role `full`. A role the person defined is
 * kept beside the rules; whoever holds it gets a rule in the place of the old one when it changes.
 */
export class Roles {
  constructor(private readonly permissions: Permissions) {}

  list = (): ShownRole[] => this.#rules().map(shown)

  /** Those that come with Gatehouse, then the person's own. */
  defined = (): DefinedRole[] => [
    ...roleNames.map((name) => this.#defined({ name, permissions: permissionsOf(name, []) ?? [] })),
    ...this.permissions.ownRoles().map(this.#defined),
  ]

  /**
   * @param record gets the sentence once it is sure to be made
   * @throws input.invalid when neither a role nor permissions are named, or there is no such role
   */
  set(draft: RoleDraft, record?: Recorder): ShownRole | undefined {
    const { client, workspace, role: name, permissions } = draft
    if ((name === undefined) === (permissions === undefined)) throw inputInvalid('Name a role, or permissions.')
    const unless = permissions ?? this.#heldBy(name as string)
    const before = this.#rules().filter((rule) => rule.client === client && rule.conditions?.workspace === workspace)
    const wanted = ruleOf(client, workspace, name ?? custom, unless)
    // a role of one's own is kept also while it holds everything: it may be narrowed
    const limits = isOwn(name) || !unless.some((text) => text === 'mcp:*' || text === '*')
    const made = limits ? this.permissions.add(wanted, () => record?.(grantSentence(wanted))) : undefined
    if (made === undefined) record?.(`${client} has the role full`)
    for (const rule of before) this.permissions.revoke(rule.id)
    return made && shown(made)
  }

  /**
   * Makes a role of the person's own, or changes it for everybody who holds it or one that inherits from it.
   *
   * @throws input.invalid when what it inherits from does not exist or leads back to it
   */
  define(draft: OwnRoleDraft, record?: Recorder): DefinedRole {
    const before = this.permissions.ownRoles()
    const isNew = !before.some(({ name }) => name === draft.name)
    if (isNew && before.length >= ownRolesKept)
      throw inputInvalid(`There are ${ownRolesKept} roles already; remove one first.`)
    const role = ownRole(draft)
    const own = [...before.filter(({ name }) => name !== draft.name), role]
    assertLine(role, own)
    record?.(definedSentence(role, isNew))
    // the rules first: while both are there, only what both hold is left
    for (const rule of this.#rules()) if (lineOf(nameOf(rule), own).includes(role.name)) this.#renew(rule, own)
    this.permissions.setOwnRoles(own)
    return this.#defined(role)
  }

  /** @throws input.invalid while somebody has it, or another role inherits from it */
  remove(name: string, record?: Recorder): boolean {
    const own = this.permissions.ownRoles()
    if (!own.some((role) => role.name === name)) return false
    const [holder] = this.#rules().filter((rule) => nameOf(rule) === name)
    if (holder) throw inputInvalid(`${who(holder)} has the role “${name}”; give another role first.`)
    const heir = own.find(({ inherits }) => inherits === name)
    if (heir) throw inputInvalid(`The role “${heir.name}” inherits from “${name}”; change it first.`)
    record?.(`The role “${name}” was removed`)
    this.permissions.setOwnRoles(own.filter((role) => role.name !== name))
    return true
  }

  #renew(rule: Grant, own: readonly OwnRole[]): void {
    const unless = permissionsOf(nameOf(rule), own) ?? []
    this.permissions.add(ruleOf(rule.client, rule.conditions?.workspace, nameOf(rule), unless))
    this.permissions.revoke(rule.id)
  }

  #heldBy(name: string): readonly string[] {
    const held = permissionsOf(name, this.permissions.ownRoles())
    if (held === undefined) throw inputInvalid(`There is no role “${name}”; see “gatehouse permissions roles”.`)
    return held
  }

  #defined = ({ name, permissions, inherits }: OwnRole): DefinedRole => ({
    name,
    builtIn: isSystemRole(name),
    permissions: [...permissions],
    ...(inherits === undefined ? {} : { inherits }),
    all: [...(permissionsOf(name, this.permissions.ownRoles()) ?? [])],
    holders: this.#rules().filter((rule) => nameOf(rule) === name).length,
  })

  #rules = (): Grant[] =>
    this.permissions
      .grants()
      .map(({ grant }) => grant)
      .filter((grant) => grant.conditions?.unless !== undefined)
}

const isOwn = (name: string | undefined): boolean => name !== undefined && !isSystemRole(name)

const ownRole = ({ name, permissions, inherits }: OwnRoleDraft): OwnRole => ({
  name,
  permissions: [...new Set(permissions)],
  ...(inherits === undefined ? {} : { inherits }),
})

/** @throws input.invalid */
function assertLine({ name, inherits }: OwnRole, own: readonly OwnRole[]): void {
  if (inherits === undefined) return
  if (!isSystemRole(inherits) && !own.some((role) => role.name === inherits))
    throw inputInvalid(`There is no role “${inherits}” to inherit from; see “gatehouse permissions roles”.`)
  const line = lineOf(inherits, own)
  if (line.includes(name)) {
    const round = [name, ...line.slice(0, line.indexOf(name) + 1)].join(' → ')
    throw inputInvalid(`The role “${name}” would inherit from itself: ${round}.`)
  }
}

const definedSentence = ({ name, permissions, inherits }: OwnRole, isNew: boolean): string => {
  const own = permissions.join(', ') || 'nothing of its own'
  return `The role “${name}” ${isNew ? 'was made' : 'was changed'}: ${own}${inherits ? `, and what “${inherits}” may` : ''}`
}

const ruleOf = (
  client: string,
  workspace: RoleDraft['workspace'],
  name: string,
  unless: readonly string[],
): NewGrant => ({
  effect: 'deny',
  scope: 'rule',
  client,
  tool: '*',
  conditions: { unless: [...unless], ...(workspace === undefined ? {} : { workspace }) },
  origin: `${origin}${name}`,
})

const nameOf = (rule: Grant): string => (rule.origin.startsWith(origin) ? rule.origin.slice(origin.length) : custom)

const who = ({ client, conditions }: Grant): string => {
  const app = client === '*' ? 'Every app' : client
  return conditions?.workspace === undefined ? app : `${app} in the workspace “${conditions.workspace}”`
}

const shown = (rule: Grant): ShownRole => ({
  id: rule.id,
  client: rule.client,
  ...(rule.conditions?.workspace === undefined ? {} : { workspace: rule.conditions.workspace }),
  role: nameOf(rule),
  permissions: [...(rule.conditions?.unless ?? [])],
  sentence: grantSentence(rule),
})
