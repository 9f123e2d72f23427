import { type Command, Option } from 'commander'
import { type AuditCategory, auditCategories } from '../../../shared/domain/audit-categories.ts'
import type { EpochMs } from '../../../shared/domain/ids.ts'
import { backThen } from '../option-values.ts'

/** Which entries of the record, as `audit list` and `audit facets` take it. */
export interface AuditFilterOptions {
  readonly client?: string
  readonly session?: string
  readonly server?: string
  readonly workspace?: string
  readonly decision?: string
  readonly action?: string
  readonly category?: AuditCategory
  readonly severity?: 'info' | 'notice' | 'warning' | 'critical'
  readonly since?: number
  readonly until?: number
  readonly text?: string
}

export const withAuditFilter = (command: Command): Command =>
  command
    .option('--client <name>', 'only of this AI app')
    .option('--session <id>', 'only of this session')
    .option('--server <name>', 'only of this server')
    .option('--workspace <name>', 'only of this workspace')
    .option('--decision <decision>', 'only with this decision')
    .option('--action <action>', 'only of this action')
    .addOption(new Option('--category <category>', 'only of this kind').choices(auditCategories))
    .addOption(
      new Option('--severity <severity>', 'only of this weight').choices(['info', 'notice', 'warning', 'critical']),
    )
    .option('--since <time>', 'only from then on: a date and time, or a span back such as 2h', backThen)
    .option('--until <time>', 'only before then: a date and time, or a span back such as 30m', backThen)
    .option('--text <words>', 'only with these words')

/** As the contract has it. */
export function auditFilterOf(options: AuditFilterOptions) {
  const { client, session, server, workspace, decision, action, category, severity, since, until, text } = options
  return {
    ...(client ? { client } : {}),
    ...(session ? { session } : {}),
    ...(server ? { server } : {}),
    ...(workspace ? { workspace } : {}),
    ...(decision ? { decision } : {}),
    ...(action ? { action } : {}),
    ...(category ? { category } : {}),
    ...(severity ? { severity } : {}),
    ...(since === undefined ? {} : { since: since as EpochMs }),
    ...(until === undefined ? {} : { until: until as EpochMs }),
    ...(text ? { text } : {}),
  }
}
