import type { EntryName, ServerName } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import { pattern } from '../../shared/domain/pattern.ts'
import type { RuleConditions } from '../../shared/domain/rule-conditions.ts'
import type { Folders } from './allowances.ts'
import type { Grant } from './grant.ts'

/** What there is for rules to be about. */
export interface Known {
  readonly clients: readonly string[]
  readonly entries: readonly { readonly name: EntryName; readonly ownName: string; readonly server: ServerName }[]
  readonly workspaces: readonly string[]
  /** Folders some server may use. */
  readonly folders: readonly string[]
}

export type ConflictKind =
  | 'shadowed'
  | 'redundant'
  | 'overlap'
  | 'no-client'
  | 'no-tool'
  | 'no-folder'
  | 'no-workspace'
  | 'used-up'

/** A rule that decides nothing, or that another one contradicts. */
export interface Conflict {
  readonly rule: Grant
  readonly kind: ConflictKind
  readonly other?: Grant
}

/**
 * What in the person's rules cannot do what it seems to. Only what is certain: a rule counts as covered when every part of
 * it is, so a pattern that merely happens to fit the same names goes unmentioned.
 *
 * @param rules all of them, each with whether its budget is used up
 */
export function findConflicts(
  rules: readonly Grant[],
  known: Known,
  folders: Pick<Folders, 'contains'>,
  usedUp: (rule: Grant) => boolean = () => false,
): readonly Conflict[] {
  const own = rules.filter(({ scope }) => scope === 'rule')
  return own.flatMap((rule) => [
    ...unreachable(rule, known, folders, usedUp),
    ...againstOthers(
      rule,
      own.filter((other) => other !== rule),
      folders,
    ),
  ])
}

function unreachable(
  rule: Grant,
  { clients, entries, workspaces, folders: usable }: Known,
  folders: Pick<Folders, 'contains'>,
  usedUp: (rule: Grant) => boolean,
): Conflict[] {
  const [client, tool] = [pattern(rule.client), pattern(rule.tool)]
  const { path } = rule
  const { workspace } = rule.conditions ?? {}
  const reached = (one: string) => path !== undefined && (folders.contains(one, path) || folders.contains(path, one))
  const kinds: ConflictKind[] = [
    ...(clients.some((name) => client.matches(name)) ? [] : (['no-client'] as const)),
    ...(entries.some(({ name, ownName }) => tool.matches(name) || tool.matches(ownName)) || asksSomething(rule.tool)
      ? []
      : (['no-tool'] as const)),
    ...(rule.effect !== 'allow' || path === undefined || usable.some(reached) ? [] : (['no-folder'] as const)),
    ...(workspace === undefined || workspaces.includes(workspace) ? [] : (['no-workspace'] as const)),
    ...(usedUp(rule) ? (['used-up'] as const) : []),
  ]
  return kinds.map((kind) => ({ rule, kind }))
}

/** What a server asks of a client is known to rules, and listed nowhere: `SERVER__asks-sampling`. */
const asksSomething = (tool: string) => /__asks-/.test(tool)

function againstOthers(rule: Grant, others: readonly Grant[], folders: Pick<Folders, 'contains'>): Conflict[] {
  const covering = others.filter((other) => covers(other, rule, folders))
  const stronger = covering.find((other) => beats(other, rule))
  if (stronger !== undefined) return [{ rule, kind: 'shadowed', other: stronger }]
  const same = covering.find(
    (other) =>
      other.effect === rule.effect && !(covers(rule, other, folders) && rule.seq < other.seq) && lasts(other, rule),
  )
  if (same !== undefined) return [{ rule, kind: 'redundant', other: same }]
  const inside = others.find((other) => beats(other, rule) && covers(rule, other, folders))
  return inside === undefined ? [] : [{ rule, kind: 'overlap', other: inside }]
}

/** A rule that denies beats all; one that asks beats what was allowed before it, and what is allowed later beats it. */
function beats(other: Grant, rule: Grant): boolean {
  if (other.effect === rule.effect) return false
  if (other.effect === 'deny') return lasts(other, rule)
  if (rule.effect === 'deny') return false
  return other.seq > rule.seq && lasts(other, rule)
}

const lasts = (other: Grant, rule: Grant) =>
  (other.expiresAt ?? Number.POSITIVE_INFINITY) >= (rule.expiresAt ?? Number.POSITIVE_INFINITY)

/** Every call the narrow rule fits, the wide one fits too. */
function covers(wide: Grant, narrow: Grant, folders: Pick<Folders, 'contains'>): boolean {
  return (
    within(wide.client, narrow.client) &&
    within(wide.tool, narrow.tool) &&
    (wide.path === undefined ||
      (narrow.path !== undefined && folders.contains(wide.path, narrow.path) && wide.effect !== 'allow') ||
      wide.path === narrow.path) &&
    wide.conditions?.budget === undefined &&
    coversConditions(wide.conditions ?? {}, narrow.conditions ?? {})
  )
}

/** A `*` in the narrow pattern is a text that only a `*` of the wide one fits. */
const within = (wide: string, narrow: string) => pattern(wide).matches(narrow)

function coversConditions(wide: RuleConditions, narrow: RuleConditions): boolean {
  const set = (key: 'hosts' | 'labels' | 'actions' | 'weekdays') =>
    wide[key] === undefined ||
    (narrow[key] as readonly unknown[] | undefined)?.every((one) => (wide[key] as readonly unknown[]).includes(one)) ===
      true
  const same = (key: 'workspace' | 'hours' | 'arguments' | 'unless') =>
    wide[key] === undefined || equal(wide[key] as Json, narrow[key] as Json | undefined)
  return (
    set('hosts') &&
    set('labels') &&
    set('actions') &&
    set('weekdays') &&
    same('workspace') &&
    same('hours') &&
    same('arguments') &&
    same('unless')
  )
}

const equal = (a: Json, b: Json | undefined) => JSON.stringify(a) === JSON.stringify(b)
