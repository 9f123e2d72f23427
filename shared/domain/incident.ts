import type { EpochMs, IncidentId, ServerName } from './ids.ts'

export const symptomKinds = [
  'crashed',
  'start-failed',
  'unresponsive',
  'breaker-open',
  'over-quota',
  'intrusion',
] as const
export type SymptomKind = (typeof symptomKinds)[number]

/** By priority: the next is tried when the one before did not help. */
export const repairStrategies = ['restart', 'recreate-sandbox', 'last-good-version', 'disable'] as const
export type RepairStrategy = (typeof repairStrategies)[number]

export interface Symptom {
  readonly at: EpochMs
  readonly kind: SymptomKind
  /** For a person, without secrets; ends with the last lines of its stderr. */
  readonly detail: string
}

export interface RepairAttempt {
  readonly at: EpochMs
  readonly strategy: RepairStrategy
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
