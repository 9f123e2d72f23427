/** What the audit screen says of kinds, erased contents, checking and how long contents are kept. */
export const auditWords = {
  'audit.category': 'Kind',
  'audit.category.authentication': 'Identity',
  'audit.category.authorization': 'Permission',
  'audit.category.data_access': 'Data read',
  'audit.category.data_modification': 'Data changed',
  'audit.category.tool_execution': 'Tool run',
  'audit.category.resource_access': 'Resource read',
  'audit.category.session': 'Session',
  'audit.category.admin': 'Settings',
  'audit.category.security': 'Security',
  'audit.category.compliance': 'Record keeping',
  'audit.facets.newest': 'Counted among the newest 10,000 that fit.',
  'audit.erased': 'Contents erased',
  'audit.erased.text':
    'Arguments and result were erased and cannot be brought back. The entry itself stands, and the log still verifies.',
  'audit.verify.reading': 'Reading and checking every entry…',
  'audit.verify.checked': 'Entries checked',
  'audit.verify.tombstones': 'Contents erased, as the log says',
  'audit.verify.notAnchored': 'Not yet anchored in the keychain',
  'audit.retention':
    'Arguments and results are erased after {days} days, those with personal data after {piiDays}. Entries themselves stay.',
  'audit.retention.oldest': 'The oldest still kept are from {date}.',
} as const
