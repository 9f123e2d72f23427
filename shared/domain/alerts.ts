/** How bad it is; the last is the worst. */
export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]
export const alertOperators = ['>', '>=', '<', '<='] as const
export type AlertOperator = (typeof alertOperators)[number]
export const aggregations = ['avg', 'sum', 'max', 'min', 'count', 'p95'] as const
export type Aggregation = (typeof aggregations)[number]
export const alertStates = ['open', 'acknowledged', 'resolved'] as const
export type AlertState = (typeof alertStates)[number]
export const channelKinds = ['desktop', 'webhook', 'pagerduty', 'email'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** What a rule watches for, and what happens when it is so. */
export interface AlertRule {
  /** `[a-z0-9-]`, at most 40 characters. */
  readonly name: string
  readonly enabled: boolean
  /** An anomaly rule compares a series with itself an hour before; `threshold` is what the value must reach to matter. */
  readonly kind: 'threshold' | 'anomaly'
  readonly metric: string
  /** Only series with these labels. */
  readonly where: Readonly<Record<string, string>>
  /** Every value of this label is a cause of its own. */
  readonly by?: string | undefined
  readonly aggregation: Aggregation
  readonly operator: AlertOperator
  readonly threshold: number
  /** How far back is looked; 0: a gauge as it is now. */
  readonly durationSeconds: number
  /** Of an anomaly rule, 0.5 … 0.999: how much of what is usual it lets pass. */
  readonly sensitivity?: number | undefined
  /** Of a rate or of times: with fewer calls there is no verdict. */
  readonly leastCalls: number
  readonly severity: Severity
  /** A condition that comes back so soon after it ended opens the same alert again and tells nobody. */
  readonly cooldownMinutes: number
  /** Names of channels. */
  readonly channels: readonly string[]
  readonly escalation?: { readonly afterMinutes: number; readonly channels: readonly string[] } | undefined
}

/** Where alerts are told. Addresses with a token in them, keys and passwords are secrets and stand elsewhere. */
export type AlertChannel = { readonly name: string; readonly enabled: boolean } & (
  | { readonly kind: 'desktop' }
  | { readonly kind: 'webhook'; readonly host: string }
  | { readonly kind: 'pagerduty'; readonly url: string }
  | {
      readonly kind: 'email'
      readonly host: string
      readonly port: number
      readonly user?: string | undefined
      readonly from: string
      readonly to: readonly string[]
    }
)

export interface Alert {
  readonly id: string
  readonly rule: string
  /** The value of the label the rule tells causes apart by; empty when there is none. */
  readonly cause: string
  readonly severity: Severity
  readonly state: AlertState
  readonly openedAt: number
  readonly acknowledgedAt?: number | undefined
  readonly resolvedAt?: number | undefined
  /** How it ended: by itself, by the person, or because its rule was changed or removed. */
  readonly resolvedBy?: 'itself' | 'person' | 'rule' | undefined
  /** How often its condition came back while it cooled down. */
  readonly returned: number
  readonly escalatedAt?: number | undefined
  /** As it was when the alert opened. */
  readonly value: number
  /** Its condition holds, as found last. */
  readonly holds: boolean
}

export const noteKinds = ['opened', 'escalated', 'resolved'] as const
export type NoteKind = (typeof noteKinds)[number]

/** What a channel is to be told of an alert. */
export interface Delivery {
  readonly id: number
  readonly alert: string
  readonly channel: string
  readonly note: NoteKind
  readonly state: 'due' | 'sent' | 'dead'
  readonly tries: number
  readonly dueAt: number
  /** Why the last try failed. */
  readonly problem?: string | undefined
}

export const desktopChannel = 'desktop'
/** How long alerts are kept after they are over. */
export const alertKeptMs = 30 * 24 * 3_600_000
/** Points a minute apart are kept for 26 hours. */
export const longestDurationSeconds = 24 * 3600
export const worse = (severity: Severity): Severity => severities[severities.indexOf(severity) + 1] ?? severity
/** Gauges and rates that are made for alerts. */
export const serverDownMetric = 'gatehouse_server_down'
export const quotaUsedMetric = 'gatehouse_quota_used_percent'
export const errorRateMetric = 'gatehouse_error_rate_percent'
