import type { Say, Word } from '../../app/words.tsx'

/** Reasons with a sentence of their own; any other is the name of a service whose token it is. */
const reasons: ReadonlySet<string> = new Set(
  [
    'random jwt private-key connection-string password-in-address luhn mod97 cnp ssn cui address number v4 v6 street named',
    'word pattern override conceal template addressed role reveal exfiltrate disguised tags selectors direction zero-width escape',
    'word pattern backspace control script frame script-address handler collector blank query path secret command decoded-instructions',
  ]
    .join(' ')
    .split(' '),
)

export const reasonIn = (t: Say, reason: string): string =>
  reasons.has(reason) ? t(`filters.reason.${reason}` as Word) : t('filters.reason.token', { service: reason })
