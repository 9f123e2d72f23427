import type { Migration } from '../migration.ts'
import { servers } from './0001-servers.ts'
import { catalog } from './0002-catalog.ts'
import { clients } from './0003-clients.ts'
import { sessions } from './0004-sessions.ts'
import { approvals } from './0005-approvals.ts'
import { permissions } from './0006-permissions.ts'
import { audit } from './0007-audit.ts'
import { credentials } from './0008-credentials.ts'
import { settings } from './0009-settings.ts'
import { appConnections } from './0012-app-connections.ts'
import { views } from './0013-views.ts'
import { incidents } from './0014-incidents.ts'
import { tasks } from './0015-tasks.ts'
import { keyPrograms } from './0023-key-programs.ts'
import { sessionReads } from './0026-session-reads.ts'
import { filterSettings } from './0027-filter-settings.ts'
import { cells } from './0030-cells.ts'
import { ruleConditions } from './0034-rule-conditions.ts'
import { answers } from './0035-answers.ts'
import { workspaces } from './0036-workspaces.ts'
import { tableRoots } from './0038-table-roots.ts'
import { heldGrants } from './0039-held-grants.ts'
import { auditSearch } from './0040-audit-search.ts'
import { tokenFamilies } from './0042-token-families.ts'
import { behaviourProfiles } from './0043-behaviour-profiles.ts'
import { useQuotas } from './0044-use-quotas.ts'
import { secretVersions } from './0045-secret-versions.ts'
import { keyScopes } from './0046-key-scopes.ts'
import { sessionProofs } from './0047-session-proofs.ts'
import { sealedMigrationsDone } from './0048-sealed-migrations.ts'
import { metrics } from './0049-metrics.ts'
import { alerts } from './0052-alerts.ts'
import { privacy } from './0053-privacy.ts'
import { auditWords } from './0054-audit-words.ts'
import { filterWords } from './0055-filter-words.ts'

/** In order. One table has one owner: the area the file is named for. */
export const migrations: readonly Migration[] = [
  servers,
  catalog,
  clients,
  sessions,
  approvals,
  permissions,
  audit,
  credentials,
  settings,
  appConnections,
  views,
  incidents,
  tasks,
  keyPrograms,
  sessionReads,
  filterSettings,
  cells,
  ruleConditions,
  answers,
  workspaces,
  tableRoots,
  heldGrants,
  auditSearch,
  tokenFamilies,
  behaviourProfiles,
  useQuotas,
  secretVersions,
  keyScopes,
  sessionProofs,
  sealedMigrationsDone,
  metrics,
  alerts,
  privacy,
  auditWords,
  filterWords,
]
