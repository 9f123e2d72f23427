import { cappedSize, defaultLargestReplyBytes } from './capped-size.ts'
import { extractPaths } from './extract-paths.ts'
import { Filters } from './filters.ts'
import { KnownSecrets } from './known-secrets.ts'
import type { Paths } from './paths.ts'

export interface FilterParts {
  /** Values in the keychain that must appear in no argument and no answer. Called for every call: keep it cheap. */
  readonly knownValues: () => readonly string[]
  readonly paths: Paths
  readonly largestReplyBytes?: number
}

/** The list. Order matters: what is too large is dropped before it is searched. */
export function defaultFilters({
  knownValues,
  paths,
  largestReplyBytes = defaultLargestReplyBytes,
}: FilterParts): Filters {
  const secrets = new KnownSecrets(knownValues)
  return new Filters([secrets.blocking, extractPaths(paths)], [cappedSize(largestReplyBytes), secrets.redacting])
}
