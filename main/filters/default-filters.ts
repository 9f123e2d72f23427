import { cappedSize, defaultLargestReplyBytes } from './capped-size.ts'
import { ContentScan } from './content/content-scan.ts'
import { ContentFiltering } from './content-filtering.ts'
import { extractPaths } from './extract-paths.ts'
import { FilterCounts } from './filter-counts.ts'
import { FilterRules } from './filter-rules.ts'
import type { FilterSettingsStore } from './filter-settings-store.ts'
import { Filters } from './filters.ts'
import { KnownSecrets } from './known-secrets.ts'
import type { OwnWordStore } from './own-word-store.ts'
import { OwnWords } from './own-words.ts'
import type { Paths } from './paths.ts'

export interface FilterParts {
  /** Values in the keychain that must appear in no argument and no answer. Called for every call: keep it cheap. */
  readonly knownValues: () => readonly string[]
  readonly paths: Paths
  readonly largestReplyBytes?: number
  /** What the person set; without it the defaults hold. */
  readonly settings?: Pick<FilterSettingsStore, 'load' | 'save'>
  /** What the person wants found besides. */
  readonly words?: Pick<OwnWordStore, 'all' | 'put' | 'remove'>
  readonly onChange?: () => void
}

/**
 * The list. Order matters: what is too large is dropped before it is searched, known secrets go before anything else is
 * looked at, and paths are found in what is left. What is looked for in texts: `content/content-filters.ts`.
 */
export function defaultFilters({
  knownValues,
  paths,
  largestReplyBytes = defaultLargestReplyBytes,
  settings,
  words,
  onChange,
}: FilterParts): Filters {
  const own = new OwnWords(words, onChange)
  const scan = new ContentScan(own)
  const counts = new FilterCounts()
  const rules = new FilterRules(scan.filters, settings, onChange)
  const secrets = new KnownSecrets(knownValues, counts)
  const content = new ContentFiltering(scan, rules, counts, own)
  return new Filters(
    [secrets.blocking, content.calls, extractPaths(paths)],
    [cappedSize(largestReplyBytes, counts), secrets.redacting, content.replies],
    { scan, rules, counts, own },
  )
}
