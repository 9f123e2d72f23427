import type { CatalogWarning } from '../../../shared/contract/catalog.ts'
import type { Output } from '../output.ts'

const says: Readonly<Record<CatalogWarning['kind'], (one: CatalogWarning) => string>> = {
  'same-name': ({ name, other }) => `${name} has the same name as ${other}`,
  'look-alike': ({ name, other }) => `${name} looks like ${other}, and is not the same`,
  mention: ({ name, other }) => `${name} speaks of ${other} in its description`,
  'same-address': ({ name, other }) => `${name} and ${other} claim the same address`,
}

/** What could be mistaken for something else, below a list. */
export function showWarnings(out: Output, warnings: readonly CatalogWarning[] = []): void {
  if (warnings.length === 0) return
  out.line()
  for (const warning of warnings) out.line(`Mind: ${says[warning.kind](warning)}.`, 'yellow')
}
