import type { AuditCategory } from '../../shared/domain/audit-categories.ts'

/*
 * What kind of thing an entry tells of, by its action. The ten kinds are those of the platform's audit specification;
 * Gatehouse drops none of them, and derives the kind from the action, so that no entry can be filed under a kind of its own.
 */

/** The longest beginning that fits decides; what is not listed is `admin`: a change of Gatehouse itself. */
const beginnings: Readonly<Record<string, AuditCategory>> = {
  'tools/': 'tool_execution',
  intent: 'tool_execution',
  interrupted: 'tool_execution',
  'call.': 'tool_execution',
  'tasks/': 'tool_execution',
  'task.': 'tool_execution',
  'server.asks': 'tool_execution',
  'resources/': 'resource_access',
  'prompts/': 'resource_access',
  'completion/': 'resource_access',
  'subscriptions/': 'resource_access',
  'client.': 'authentication',
  'operator.': 'authentication',
  'key.': 'authentication',
  'bridge.': 'authentication',
  'token.': 'authentication',
  'permission.': 'authorization',
  'approval.': 'authorization',
  'role.': 'authorization',
  'folders.': 'authorization',
  'view.': 'authorization',
  'server.host-allow': 'authorization',
  'server.host-never': 'authorization',
  'session.': 'session',
  'audit.show': 'data_access',
  'audit.export': 'data_access',
  'audit.simulate': 'data_access',
  'secret.': 'data_modification',
  'memory.': 'data_modification',
  'audit.': 'compliance',
  'privacy.': 'compliance',
  'backup.': 'compliance',
  'compliance.': 'compliance',
  'audit.fault': 'security',
  'integrity.': 'security',
  'incident.': 'security',
  'anomaly.': 'security',
  'decoy.': 'security',
  'server.host-refused': 'security',
  'app.fault': 'security',
}
const longestFirst = Object.entries(beginnings).sort(([a], [b]) => b.length - a.length)

export function categoryOf(action: string): AuditCategory {
  if (action === 'tools/call' || action === 'intent') return 'tool_execution' // nearly all of them
  return longestFirst.find(([beginning]) => action.startsWith(beginning))?.[1] ?? 'admin'
}
