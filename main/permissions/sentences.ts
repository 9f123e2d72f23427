import type { RuleConditions } from '../../shared/domain/rule-conditions.ts'
import type { VerdictReason } from '../../shared/domain/verdict.ts'
import { type RuleWords, ruleWords } from '../../shared/messages/rule-words.ts'
import type { CallAttributes } from './call-attributes.ts'
import type { Grant } from './grant.ts'

export type Described = Omit<Grant, 'id' | 'seq' | 'createdAt'>

const english = ruleWords('en')

/** A grant as the person reads it: “Cursor may use filesystem__read_* without asking until 2027-01-01 10:00 UTC.” */
export function grantSentence(grant: Described, say: RuleWords = english): string {
  const who = grant.client === '*' ? say('who.any') : grant.client
  const parts = [
    main(grant, who, say),
    grant.path === undefined ? '' : say('part.path', { path: grant.path }),
    ...conditionParts(grant.conditions ?? {}, say),
    grant.effect === 'allow' ? say('part.unasked') : '',
    grant.scope === 'session' ? say('part.session') : '',
    grant.scope === 'arguments' ? say('part.arguments') : '',
    grant.expiresAt === undefined ? '' : say('part.until', { time: utc(grant.expiresAt) }),
  ]
  return `${parts.filter((part) => part !== '').join(' ')}.`
}

const named = new WeakMap<object, string>()

/** The same in English, made once for each grant: it stands in every verdict that rests on it. */
export function grantName(grant: Described): string {
  const name = named.get(grant) ?? grantSentence(grant)
  named.set(grant, name)
  return name
}

function main({ effect, tool, conditions }: Described, who: string, say: RuleWords): string {
  const { unless } = conditions ?? {}
  if (unless !== undefined)
    return unless.length === 0
      ? say('verb.role.none', { who })
      : say('verb.role', { who, permissions: unless.join(', ') })
  return say(`verb.${effect}`, { who, what: tool === '*' ? say('what.any') : tool })
}

function conditionParts(conditions: RuleConditions, say: RuleWords): string[] {
  const { workspace, hosts, labels, actions, hours, weekdays, arguments: patterns, budget } = conditions
  const any = (some: readonly string[]) => either(some, say)
  return [
    ...(workspace === undefined ? [] : [say('part.workspace', { workspace })]),
    ...(hosts === undefined ? [] : [say('part.hosts', { hosts: any(hosts) })]),
    ...(labels === undefined ? [] : [say('part.labels', { labels: any(labels) })]),
    ...(actions === undefined
      ? []
      : [say('part.actions', { actions: any(actions.map((action) => say(`action.${action}`))) })]),
    ...(hours === undefined ? [] : [say('part.hours', { from: clock(hours.from), to: clock(hours.to) })]),
    ...(weekdays === undefined
      ? []
      : [say('part.weekdays', { days: any(weekdays.map((day) => say(`day.${day as 1}`))) })]),
    ...Object.entries(patterns ?? {}).map(([pointer, text]) => say('part.argument', { pointer, pattern: text })),
    ...(budget?.calls === undefined ? [] : [say('part.calls', { calls: String(budget.calls) })]),
    ...(budget?.bytes === undefined ? [] : [say('part.bytes', { bytes: String(budget.bytes) })]),
  ]
}

function either(some: readonly string[], say: RuleWords): string {
  const last = some.at(-1) ?? ''
  return some.length < 2 ? last : say('list.or', { some: some.slice(0, -1).join(', '), last })
}

const utc = (at: number) => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`
const clock = (minute: number) => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`
const two = (number: number) => String(number).padStart(2, '0')

/** Why a call is asked about or refused, most telling first. */
export function reasons(
  { paths, content, action, known }: CallAttributes,
  trusted: boolean,
  sandbox: number,
): readonly VerdictReason[] {
  return [
    ...(paths === 'none' || paths === 'inside' ? [] : [paths]),
    content === 'template' ? 'template' : action,
    ...(trusted || known ? [] : (['untrusted'] as const)),
    ...(sandbox === 0 ? (['unconfined'] as const) : []),
  ]
}

/** As a model is told; models are always spoken to in English. */
export const reasonSentence = (reason: VerdictReason, say: RuleWords = english): string => say(`reason.${reason}`)
