/** What kind of thing an entry of the audit log tells of. */
export const auditCategories = [
  'authentication',
  'authorization',
  'data_access',
  'data_modification',
  'tool_execution',
  'resource_access',
  'session',
  'admin',
  'security',
  'compliance',
] as const
export type AuditCategory = (typeof auditCategories)[number]
