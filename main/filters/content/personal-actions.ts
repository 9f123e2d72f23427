import type { ContentFilter } from './content-filter.ts'

/** Data of persons is ordinary in mails and tables: it is labelled, so that rules and retention can heed it. */
export const labelledOnly: ContentFilter['actions'] = {
  permissive: { call: 'allow', reply: 'allow' },
  strict: { call: 'warn', reply: 'allow' },
}
/** Numbers that harm the person whose they are when they get about. */
export const sensitive: ContentFilter['actions'] = {
  permissive: { call: 'allow', reply: 'allow' },
  strict: { call: 'redact', reply: 'redact' },
}
