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
  'audit.missing_one':
    'Search is still being made ready: {count} older entry is not in it yet. It will be in a moment.',
  'audit.missing_other':
    'Search is still being made ready: {count} older entries are not in it yet. Look again in a minute or two.',
  'audit.erased': 'Contents erased',
  'audit.erased.text':
    'Arguments and result were erased and cannot be brought back. The entry itself stands, and the log still verifies.',
  'audit.verify.reading': 'Reading and checking every entry…',
  'audit.verify.progress': 'Checked so far',
  'audit.verify.stop': 'Stop checking',
  'audit.verify.checked': 'Entries checked',
  'audit.verify.tombstones': 'Contents erased, as the log says',
  'audit.verify.notAnchored': 'Not yet anchored in the keychain',
  'audit.retention':
    'Arguments and results are erased after {days} days, those with personal data after {piiDays}. Entries themselves stay.',
  'audit.retention.oldest': 'The oldest still kept are from {date}.',
  'audit.retention.change': 'Change',
  'audit.retention.title': 'How long contents are kept',
  'audit.retention.text':
    'Contents are the arguments and results of calls. That a call was made, and how it ended, stays in the log.',
  'audit.retention.days': 'Days contents are kept',
  'audit.retention.piiDays': 'Days, where they hold personal data',
  'audit.retention.erases':
    'Contents older than {days} days ({piiDays} with personal data) are erased at once and every day from now on. Nobody can bring them back, a backup made before aside. The log itself still verifies.',
  'audit.retention.keeps':
    'Nothing is erased now. From now on contents are erased after {days} days, those with personal data after {piiDays}.',
  'audit.retention.wrong': 'Enter whole days, 1 to {most}.',
  'audit.retention.save': 'Keep them so long',
  'audit.retention.erase': 'Erase what is older',
  'audit.retention.done_one': 'Set. The contents of one entry were erased.',
  'audit.retention.done_other': 'Set. The contents of {count} entries were erased.',
} as const
