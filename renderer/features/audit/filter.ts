import type { AuditCategory } from '../../../shared/domain/audit-categories.ts'
import type { AuditEntry } from './live-entries.ts'

/** What the log is narrowed by, as the form gives it; empty: by nothing. */
export interface Filter {
  readonly client: string
  readonly server: string
  readonly decision: string
  readonly text: string
  readonly workspace: string
  readonly category: AuditCategory | ''
  readonly severity: AuditEntry['severity'] | ''
  /** Local date and time, as the date field gives it; from, and before. */
  readonly since: string
  readonly until: string
}
export const noFilter: Filter = {
  client: '',
  server: '',
  decision: '',
  text: '',
  workspace: '',
  category: '',
  severity: '',
  since: '',
  until: '',
}
