import { resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { z } from 'zod'
import type { ruleDraft } from '../../../shared/contract/rules.ts'
import type { Budget, RuleConditions } from '../../../shared/domain/rule-conditions.ts'
import { many, text, until } from '../option-values.ts'

type Draft = z.input<typeof ruleDraft>
type Conditions = NonNullable<Draft['conditions']>

export interface RuleOptions {
  readonly client: string
  readonly tool: string
  readonly path?: string
  readonly until?: number
  readonly workspace?: string
  readonly host?: readonly string[]
  readonly label?: readonly string[]
  readonly action?: readonly string[]
  readonly hours?: { readonly from: number; readonly to: number }
  readonly days?: readonly number[]
  readonly argument?: readonly string[]
  readonly calls?: number
  readonly bytes?: number
}

/** What a rule is about: `permissions allow`, `ask`, `deny` and `simulate`. */
export function ruleOptions(command: Command, budget: boolean): Command {
  command
    .requiredOption('--tool <pattern>', 'SERVER__TOOL, or a pattern such as filesystem__read_*')
    .option('--client <name>', 'only for this AI app', '*')
    .option('--path <dir>', 'only inside this folder')
    .option('--workspace <name>', 'only in this workspace')
    .option('--host <host>', 'only where it names this host, such as *.example.com (repeat for more)', many(text))
    .option('--label <label>', 'only where filters found this in the arguments (repeat for more)', many(text))
    .option('--action <action>', 'read, write, delete, run, send or unknown (repeat for more)', many(text))
    .option('--hours <from-to>', 'only in these hours, such as 09:00-17:00', hours)
    .option('--days <days>', 'only on these days, such as mon-fri or sat,sun', days)
    .option('--argument <pointer=pattern>', 'only where an argument fits, such as /to=*@example.com', many(text))
    .option('--until <time>', 'a date and time, or a span such as 2h', until)
  return budget
    ? command
        .option('--calls <n>', 'at most so many calls', whole)
        .option('--bytes <n>', 'at most so many bytes of arguments in all', whole)
    : command
}

export function draftOf(options: RuleOptions, workingFolder: string): Draft {
  const { client, tool, path, until: endsAt } = options
  const conditions = conditionsOf(options)
  return {
    client,
    tool,
    ...(path ? { path: resolve(workingFolder, path) } : {}),
    ...(endsAt ? { until: endsAt } : {}),
    ...(Object.keys(conditions).length > 0 ? { conditions: conditions as unknown as Conditions } : {}),
  }
}

function conditionsOf(options: RuleOptions): RuleConditions {
  const { workspace, host, label, action, hours: times, days: weekdays, argument, calls, bytes } = options
  const budget: Budget = { ...(calls ? { calls } : {}), ...(bytes ? { bytes } : {}) }
  return {
    ...(workspace ? { workspace: workspace as NonNullable<RuleConditions['workspace']> } : {}),
    ...(host ? { hosts: host } : {}),
    ...(label ? { labels: label } : {}),
    ...(action ? { actions: action as NonNullable<RuleConditions['actions']> } : {}),
    ...(times ? { hours: times } : {}),
    ...(weekdays ? { weekdays } : {}),
    ...(argument ? { arguments: Object.fromEntries(argument.map(pair)) } : {}),
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
  }
}

function pair(value: string): [string, string] {
  const at = value.indexOf('=')
  return at < 0 ? [value, '*'] : [value.slice(0, at), value.slice(at + 1)]
}

function hours(value: string): RuleOptions['hours'] {
  const [, fromHour, fromMinute, toHour, toMinute] = /^(\d\d?):(\d\d)-(\d\d?):(\d\d)$/.exec(value) ?? []
  const at = (hour: string | undefined, minute: string | undefined) => Number(hour) * 60 + Number(minute)
  const [from, to] = [at(fromHour, fromMinute), at(toHour, toMinute)]
  if (!(from < 1440 && to <= 1440)) throw new InvalidArgumentError('Write it like 09:00-17:00.')
  if (from === to % 1440)
    throw new InvalidArgumentError(
      'That is no time at all, so the rule would never hold. Name two different times, or leave --hours out for the whole day.',
    )
  return { from, to: to % 1440 }
}

const names = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

function days(value: string): readonly number[] {
  const day = (name: string) => {
    const at = names.indexOf(name.trim().toLowerCase().slice(0, 3))
    if (at < 0) throw new InvalidArgumentError('Write days like mon-fri or sat,sun.')
    return at + 1
  }
  return value.split(',').flatMap((part) => {
    const [first = '', last] = part.split('-')
    if (last === undefined) return [day(first)]
    const [from, to] = [day(first), day(last)]
    return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => ((from - 1 + index) % 7) + 1)
  })
}

function whole(value: string): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError('Write a whole number above 0.')
  return number
}
