import {
  type AlertRule,
  desktopChannel,
  errorRateMetric,
  quotaUsedMetric,
  serverDownMetric,
} from '../../shared/domain/alerts.ts'

const usual = {
  enabled: true,
  kind: 'threshold',
  where: {},
  leastCalls: 1,
  severity: 'warning',
  cooldownMinutes: 15,
  channels: [desktopChannel],
} as const

/** Too few calls say nothing about how many fail; of fewer than twenty the 95th percentile is just the slowest. */
const enoughCalls = { rate: 5, percentile: 20 }

/**
 * On from the start; the person may change them or switch them off.
 * @see spec, platform H: alerts
 */
export const builtInRules: readonly AlertRule[] = [
  {
    ...usual,
    name: 'server-down',
    metric: serverDownMetric,
    by: 'server',
    aggregation: 'max',
    operator: '>=',
    threshold: 1,
    durationSeconds: 0,
    severity: 'critical',
  },
  {
    ...usual,
    name: 'error-rate',
    metric: errorRateMetric,
    by: 'server',
    aggregation: 'avg',
    operator: '>',
    threshold: 10,
    durationSeconds: 300,
    leastCalls: enoughCalls.rate,
  },
  {
    ...usual,
    name: 'slow-answers',
    metric: 'mcp_operation_duration_seconds',
    by: 'server',
    aggregation: 'p95',
    operator: '>',
    threshold: 1,
    durationSeconds: 300,
    leastCalls: enoughCalls.percentile,
  },
  {
    ...usual,
    name: 'quota-nearly-used',
    metric: quotaUsedMetric,
    by: 'quota',
    aggregation: 'max',
    operator: '>=',
    threshold: 90,
    durationSeconds: 0,
    severity: 'info',
  },
  {
    ...usual,
    name: 'quota-used',
    metric: quotaUsedMetric,
    by: 'quota',
    aggregation: 'max',
    operator: '>=',
    threshold: 100,
    durationSeconds: 0,
  },
  {
    ...usual,
    name: 'unusual-calls',
    kind: 'anomaly',
    metric: 'mcp_operations_total',
    by: 'server',
    aggregation: 'sum',
    operator: '>',
    threshold: 30,
    durationSeconds: 3600,
    sensitivity: 0.95,
  },
  {
    ...usual,
    name: 'unusually-slow',
    kind: 'anomaly',
    metric: 'mcp_operation_duration_seconds',
    by: 'server',
    aggregation: 'avg',
    operator: '>',
    threshold: 0.5,
    durationSeconds: 3600,
    sensitivity: 0.95,
  },
]

export const isBuiltIn = (name: string): boolean => builtInRules.some((rule) => rule.name === name)

/** While the second is so, the first says nothing of the same cause: it would tell the same thing twice. */
export const coveredBy: Readonly<Record<string, string>> = { 'quota-nearly-used': 'quota-used' }
