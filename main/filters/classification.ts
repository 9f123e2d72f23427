import type { ContentFilterId, FoundBy } from '../../shared/domain/filters.ts'
import type { ContentFilter } from './content/content-filter.ts'

/** Kinds of personal data that harm the person whose they are when they get about. */
const sensitive: readonly ContentFilterId[] = ['payment-card', 'iban', 'national-id']

/**
 * What a call's contents are, as labels on its audit entry: whether they hold data of persons, of which kinds, how long
 * such an entry is to be kept (two years instead of seven) and on what basis it may be (the person's own use).
 * @see spec, section G: data classification
 */
export function classification(filters: readonly ContentFilter[], found: ReadonlySet<FoundBy>): readonly string[] {
  if (found.size === 0) return []
  const labels = new Set<string>()
  for (const { id, group, label } of filters) {
    if (!found.has(id)) continue
    labels.add(label)
    if (group === 'personal') for (const one of ['pii', 'keep-2-years', 'basis-own-use']) labels.add(one)
    if (sensitive.includes(id)) labels.add('pii-sensitive')
  }
  if (found.has('own-words')) labels.add('own-word')
  return [...labels]
}
