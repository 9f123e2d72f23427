import type { ContractRule, ShownRule } from '../../../shared/contract/alerts.ts'
import type { GatehouseApi } from '../../../shared/contract/contract.ts'
import { type Aggregation, type AlertOperator, desktopChannel, type Severity } from '../../../shared/domain/alerts.ts'

export type Metric = Awaited<ReturnType<GatehouseApi['alerts']['metrics']>>['metrics'][number]

/** A rule as it stands in the form: numbers as they were typed. */
export interface RuleDraft {
  readonly name: string
  readonly enabled: boolean
  readonly kind: ContractRule['kind']
  readonly metric: string
  readonly by: string
  readonly label: string
  readonly labelValue: string
  /** Further labels, which the form does not show. */
  readonly further: Readonly<Record<string, string>>
  readonly aggregation: Aggregation
  readonly operator: AlertOperator
  readonly threshold: string
  readonly minutes: string
  /** Percent. */
  readonly sensitivity: string
  readonly leastCalls: string
  readonly severity: Severity
  readonly cooldown: string
  readonly channels: readonly string[]
  readonly escalates: boolean
  readonly after: string
  readonly afterChannels: readonly string[]
}

export const emptyDraft: RuleDraft = {
  name: '',
  enabled: true,
  kind: 'threshold',
  metric: 'mcp_operations_total',
  by: '',
  label: '',
  labelValue: '',
  further: {},
  aggregation: 'sum',
  operator: '>',
  threshold: '',
  minutes: '5',
  sensitivity: '95',
  leastCalls: '1',
  severity: 'warning',
  cooldown: '15',
  channels: [desktopChannel],
  escalates: false,
  after: '30',
  afterChannels: [],
}

export function draftOf(rule: ShownRule): RuleDraft {
  const [first, ...rest] = Object.entries(rule.where)
  return {
    name: rule.name,
    enabled: rule.enabled,
    kind: rule.kind,
    metric: rule.metric,
    by: rule.by ?? '',
    label: first?.[0] ?? '',
    labelValue: first?.[1] ?? '',
    further: Object.fromEntries(rest),
    aggregation: rule.aggregation,
    operator: rule.operator,
    threshold: String(rule.threshold),
    minutes: String(rule.durationSeconds / 60),
    sensitivity: String(Math.round((rule.sensitivity ?? 0.95) * 1000) / 10),
    leastCalls: String(rule.leastCalls),
    severity: rule.severity,
    cooldown: String(rule.cooldownMinutes),
    channels: rule.channels,
    escalates: rule.escalation !== undefined,
    after: String(rule.escalation?.afterMinutes ?? 30),
    afterChannels: rule.escalation?.channels ?? [],
  }
}

/** A rule without what is only shown of it. */
export function asGiven({ builtIn: _, changed: __, sentence: ___, ...rule }: ShownRule): ContractRule {
  return rule
}

export type DraftFault = 'name' | 'threshold' | 'minutes' | 'sensitivity' | 'leastCalls' | 'cooldown' | 'after'

const whole = (text: string, least: number, most: number) =>
  /^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most
const decimal = (text: string) => text.trim().replace(',', '.')
const isNumber = (text: string) => /^-?\d+(\.\d+)?$/.test(decimal(text))

/** Fields that hold nothing a rule can be made of. */
export function faultsOf(draft: RuleDraft): ReadonlySet<DraftFault> {
  const wrong: readonly (readonly [DraftFault, boolean])[] = [
    ['name', !/^[a-z0-9][a-z0-9-]{0,39}$/.test(draft.name)],
    ['threshold', !isNumber(draft.threshold)],
    [
      'minutes',
      !isNumber(draft.minutes) || Number(decimal(draft.minutes)) < 0 || Number(decimal(draft.minutes)) > 1440,
    ],
    ['leastCalls', !whole(draft.leastCalls, 1, 1_000_000)],
    ['cooldown', !whole(draft.cooldown, 0, 1440)],
    ['after', draft.escalates && !whole(draft.after, 1, 1440)],
    ['sensitivity', draft.kind === 'anomaly' && !isSensitivity(draft.sensitivity)],
  ]
  return new Set(wrong.filter(([, is]) => is).map(([field]) => field))
}

const isSensitivity = (text: string) => isNumber(text) && Number(decimal(text)) >= 50 && Number(decimal(text)) <= 99.9

/** What main is asked to keep. Only for a draft without faults. */
export function ruleOf(draft: RuleDraft): ContractRule {
  const where = draft.label === '' ? {} : { [draft.label]: draft.labelValue }
  return {
    name: draft.name,
    enabled: draft.enabled,
    kind: draft.kind,
    metric: draft.metric,
    where: { ...draft.further, ...where },
    ...(draft.by === '' ? {} : { by: draft.by }),
    aggregation: draft.aggregation,
    operator: draft.operator,
    threshold: Number(decimal(draft.threshold)),
    durationSeconds: Math.round(Number(decimal(draft.minutes)) * 60),
    ...(draft.kind === 'anomaly' ? { sensitivity: Number(decimal(draft.sensitivity)) / 100 } : {}),
    leastCalls: Number(draft.leastCalls),
    severity: draft.severity,
    cooldownMinutes: Number(draft.cooldown),
    channels: [...draft.channels],
    ...(draft.escalates
      ? { escalation: { afterMinutes: Number(draft.after), channels: [...draft.afterChannels] } }
      : {}),
  }
}

/** What a figure can be taken as. */
export function aggregationsOf(metric: Metric | undefined): readonly Aggregation[] {
  switch (metric?.type) {
    case 'rate':
      return ['avg']
    case 'histogram':
      return ['p95', 'avg', 'max', 'min', 'sum', 'count']
    default:
      return ['sum', 'avg', 'max', 'min', 'count']
  }
}

/** Another figure: what no longer fits it is put right. */
export function withMetric(draft: RuleDraft, metric: Metric): RuleDraft {
  const [usual] = aggregationsOf(metric)
  const labels = metric.labels.map(({ name }) => name)
  const fits = aggregationsOf(metric).includes(draft.aggregation)
  return {
    ...draft,
    metric: metric.name,
    aggregation: fits ? draft.aggregation : (usual ?? 'avg'),
    by: labels.includes(draft.by) ? draft.by : '',
    ...(labels.includes(draft.label) ? {} : { label: '', labelValue: '' }),
    further: {},
  }
}
