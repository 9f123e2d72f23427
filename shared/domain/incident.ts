import type { EpochMs, IncidentId, ServerName } from './ids.ts'

/** Something a server must not do, or does unlike itself: only the person calls it resolved. */
export const securityKinds = ['decoy-touched', 'anomalous'] as const
export type SecurityKind = (typeof securityKinds)[number]

export const symptomKinds = [
  'crashed',
  'start-failed',
  'unresponsive',
  'breaker-open',
  'over-quota',
  'intrusion',
  ...securityKinds,
] as const
export type SymptomKind = (typeof symptomKinds)[number]
export const isSecurity = (kind: SymptomKind): kind is SecurityKind =>
  (securityKinds as readonly SymptomKind[]).includes(kind)

/** By priority: the next is tried when the one before did not help. */
export const repairStrategies = ['restart', 'recreate-sandbox', 'last-good-version', 'disable'] as const
export type RepairStrategy = (typeof repairStrategies)[number]

/** What follows a violation: looked at more often; switched off; switched off, and this code of it not to come back. */
export const measures = ['watch', 'suspend', 'revoke'] as const
export type Measure = (typeof measures)[number]

export interface Symptom {
  readonly at: EpochMs
  readonly kind: SymptomKind
  /** For a person, without secrets; ends with the last lines of its stderr. */
  readonly detail: string
}

export interface RepairAttempt {
  readonly at: EpochMs
  readonly strategy: RepairStrategy | Measure
  readonly worked: boolean
  readonly detail: string
}

export type IncidentStatus = 'open' | 'resolved' | 'escalated'

/** Something was wrong with a server: how it showed, what was tried, how it ended. */
export interface Incident {
  readonly id: IncidentId
  readonly server: ServerName
  readonly status: IncidentStatus
  readonly severity: 'warning' | 'critical'
  readonly openedAt: EpochMs
  readonly closedAt?: EpochMs
  readonly symptoms: readonly Symptom[]
  readonly attempts: readonly RepairAttempt[]
}
