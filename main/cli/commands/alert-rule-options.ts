import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ContractRule, ShownRule } from '../../../shared/contract/alerts.ts'
import {
  type Aggregation,
  type AlertOperator,
  aggregations,
  desktopChannel,
  type Severity,
  severities,
} from '../../../shared/domain/alerts.ts'
import { WrongUsage } from '../failures.ts'
import { environmentValue, many, text } from '../option-values.ts'

export interface RuleOptions {
  readonly metric?: string
  readonly where?: readonly (readonly [string, string])[]
  readonly by?: string | false
  readonly aggregation?: Aggregation
  readonly when?: { readonly operator: AlertOperator; readonly threshold: number }
  readonly over?: number
  readonly anomaly?: number
  readonly leastCalls?: number
  readonly severity?: Severity
  readonly cooldown?: number
  readonly tell?: readonly string[]
  readonly escalate?: number | false
  readonly escalateTo?: readonly string[]
  readonly on?: true
  readonly off?: true
}

export const ruleOptions = (command: Command): Command =>
  command
    .option('--metric <name>', 'what is watched; all of them: alerts metrics')
    .option('--where <label=value>', 'only series with this label', many(environmentValue))
    .option('--by <label>', 'each value of this label is a cause of its own')
    .option('--no-by', 'all causes together')
    .addOption(new Option('--aggregation <how>', 'one number of many').choices([...aggregations]))
    .option('--when <condition>', 'e.g. ">10", "<=0.5"', condition)
    .option('--over <time>', 'how far back is looked: 5m, 1h, 24h; now: a gauge as it is', span)
    .option('--anomaly <sensitivity>', 'compare with the time before instead, e.g. 0.95', fraction)
    .option('--least-calls <n>', 'fewer calls say nothing', whole)
    .addOption(new Option('--severity <severity>', 'how bad it is').choices([...severities]))
    .option('--cooldown <minutes>', 'one that comes back so soon tells nobody', whole)
    .option('--tell <channel>', 'who is told; may be given several times', many(text))
    .option('--escalate <minutes>', 'goes up when nobody answered for so long', whole)
    .option('--no-escalate', 'never goes up')
    .option('--escalate-to <channel>', 'who is told then, too', many(text))
    .option('--on', 'switch it on')
    .option('--off', 'switch it off')

/** The rule as it was, with what was named; a new one from what a rule usually is. */
export function ruleFrom(name: string, options: RuleOptions, before: ShownRule | undefined): ContractRule {
  const { when, metric } = options
  if (!before && (metric === undefined || when === undefined))
    throw new WrongUsage('Say at least what is watched and when it is too much: --metric NAME --when ">10".')
  const { builtIn: _, changed: __, sentence: ___, by, sensitivity, escalation, ...kept } = before ?? fresh
  const sensitive = options.anomaly ?? sensitivity
  const separate = options.by === false ? undefined : (options.by ?? by)
  const up = escalationOf(options, escalation)
  return {
    ...kept,
    ...when,
    name,
    kind: sensitive === undefined ? 'threshold' : 'anomaly',
    metric: metric ?? kept.metric,
    where: options.where ? Object.fromEntries(options.where) : kept.where,
    aggregation: options.aggregation ?? kept.aggregation,
    durationSeconds: options.over ?? (options.anomaly === undefined ? kept.durationSeconds : anomalySeconds),
    leastCalls: options.leastCalls ?? kept.leastCalls,
    severity: options.severity ?? kept.severity,
    cooldownMinutes: options.cooldown ?? kept.cooldownMinutes,
    channels: [...(options.tell ?? kept.channels)],
    enabled: options.on ?? (options.off ? false : kept.enabled),
    ...(separate === undefined ? {} : { by: separate }),
    ...(sensitive === undefined ? {} : { sensitivity: sensitive }),
    ...(up === undefined ? {} : { escalation: up }),
  }
}

const anomalySeconds = 3600
const fresh: ShownRule = {
  name: '',
  enabled: true,
  kind: 'threshold',
  metric: '',
  where: {},
  aggregation: 'avg',
  operator: '>',
  threshold: 0,
  durationSeconds: 300,
  leastCalls: 1,
  severity: 'warning',
  cooldownMinutes: 15,
  channels: [desktopChannel],
  builtIn: false,
  changed: false,
  sentence: '',
}

function escalationOf({ escalate, escalateTo }: RuleOptions, before: ShownRule['escalation']): ShownRule['escalation'] {
  if (escalate === false) return undefined
  const afterMinutes = escalate ?? before?.afterMinutes
  if (afterMinutes === undefined) {
    if (escalateTo) throw new WrongUsage('Say after how many minutes: --escalate 30.')
    return undefined
  }
  return { afterMinutes, channels: [...(escalateTo ?? before?.channels ?? [])] }
}

function condition(value: string): { operator: AlertOperator; threshold: number } {
  const [, operator, number] = /^\s*(>=|<=|>|<)\s*(-?\d+(?:\.\d+)?)\s*%?\s*$/.exec(value) ?? []
  if (operator === undefined) throw new InvalidArgumentError('Write it as ">10", ">=10", "<10" or "<=10".')
  return { operator: operator as AlertOperator, threshold: Number(number) }
}

const unitSeconds = { s: 1, m: 60, h: 3600 } as const
function span(value: string): number {
  if (value === 'now') return 0
  const [, number, unit] = /^(\d{1,5})([smh])$/.exec(value) ?? []
  if (number === undefined) throw new InvalidArgumentError('Write it as 5m, 1h or now.')
  return Number(number) * unitSeconds[unit as keyof typeof unitSeconds]
}

function fraction(value: string): number {
  const number = Number(value)
  if (!(number >= 0.5 && number <= 0.999)) throw new InvalidArgumentError('Write a number from 0.5 to 0.999.')
  return number
}

function whole(value: string): number {
  if (!/^\d{1,6}$/.test(value)) throw new InvalidArgumentError('Write a whole number.')
  return Number(value)
}
