import { canonicalJson } from '../../../shared/domain/canonical-json.ts'
import { argumentsInvalid } from '../../../shared/errors.ts'
import type { Filtered, Validated } from '../exchange.ts'
import type { CatalogPort, FiltersPort } from '../ports.ts'

/** The filter list on the arguments: finds paths, URLs, commands and labels; may block or redact, then it is validated again. */
export function filterCall(validated: Validated, filters: FiltersPort, catalog: CatalogPort): Filtered {
  const found = filters.call(validated)
  if (found.changed) {
    const problem = catalog.check(validated.entry, found.arguments)
    if (problem !== undefined) throw argumentsInvalid(validated.entry.name, problem)
  }
  validated.trail.note({ arguments: found.arguments, ...(found.labels.length > 0 ? { labels: found.labels } : {}) })
  return {
    ...validated,
    arguments: found.arguments,
    canonical: canonicalJson(found.arguments),
    paths: found.paths,
    urls: found.urls,
    commands: found.commands,
  } as unknown as Filtered
}
