import type { z } from 'zod'
import type { ruleDraft } from '../../../shared/contract/rules.ts'
import type { EpochMs, WorkspaceName } from '../../../shared/domain/ids.ts'
import { type Until, untilMs } from '../approvals/until.ts'
import type { Effect } from './effect-badge.tsx'

export type Draft = z.input<typeof ruleDraft>
export const actions = ['read', 'write', 'delete', 'run', 'send', 'unknown'] as const
export type Action = (typeof actions)[number]
export const weekdays = [1, 2, 3, 4, 5, 6, 7] as const

/** A rule as it stands in the form: texts as typed. */
export interface RuleForm {
  readonly effect: Effect
  readonly client: string
  readonly tool: string
  readonly path: string
  readonly workspace: string
  readonly hosts: string
  readonly labels: string
  readonly actions: readonly Action[]
  readonly from: string
  readonly to: string
  readonly days: readonly number[]
  readonly calls: string
  readonly until: Until
  readonly date: string
}

export const emptyForm: RuleForm = {
  effect: 'ask',
  client: '*',
  tool: '',
  path: '',
  workspace: '',
  hosts: '',
  labels: '',
  actions: [],
  from: '',
  to: '',
  days: [],
  calls: '',
  until: 'forever',
  date: '',
}

/** What the form comes to; what is left empty is left out. */
export function draftOf(form: RuleForm, nowMs: number): Draft {
  const ends = untilMs(form.until, nowMs, form.date)
  const conditions = conditionsOf(form)
  return {
    client: form.client,
    tool: form.tool.trim(),
    ...(form.path.trim() ? { path: form.path.trim() } : {}),
    ...(ends === undefined ? {} : { until: ends as EpochMs }),
    ...(Object.keys(conditions).length > 0 ? { conditions } : {}),
  }
}

/** What is wrong with the hours as typed: one of them alone says nothing, and the same twice is no time at all. */
export function hoursFault({
  from,
  to,
}: Pick<RuleForm, 'from' | 'to'>): 'rule.hours.both' | 'rule.hours.never' | undefined {
  if (from === '' && to === '') return undefined
  if (from === '' || to === '') return 'rule.hours.both'
  return from === to ? 'rule.hours.never' : undefined
}

function conditionsOf(form: RuleForm): NonNullable<Draft['conditions']> {
  const [from, to] = [minuteOf(form.from), minuteOf(form.to)]
  const [hosts, labels] = [listed(form.hosts), listed(form.labels)]
  const calls = Number(form.calls)
  return {
    ...(form.workspace ? { workspace: form.workspace as WorkspaceName } : {}),
    ...(hosts.length > 0 ? { hosts } : {}),
    ...(labels.length > 0 ? { labels } : {}),
    ...(form.actions.length > 0 ? { actions: [...form.actions] } : {}),
    ...(from === undefined || to === undefined ? {} : { hours: { from, to } }),
    ...(form.days.length > 0 ? { weekdays: [...form.days].sort() } : {}),
    ...(form.effect === 'allow' && Number.isInteger(calls) && calls > 0 ? { budget: { calls } } : {}),
  }
}

const listed = (text: string) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')

/** `HH:MM` as a time field gives it. */
function minuteOf(text: string): number | undefined {
  const [, hour, minute] = /^(\d\d):(\d\d)$/.exec(text) ?? []
  return hour === undefined || minute === undefined ? undefined : Number(hour) * 60 + Number(minute)
}

export const toggled = <T>(all: readonly T[], one: T): readonly T[] =>
  all.includes(one) ? all.filter((other) => other !== one) : [...all, one]
