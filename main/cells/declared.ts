import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'

type Offered = Pick<CatalogEntry, 'kind' | 'ownName' | 'definition'>

/** Whether a manifest names what a server offers. A resource may also be one that a template it names can make. */
export function isDeclared({ capabilities }: CellManifest, { kind, ownName, definition }: Offered): boolean {
  switch (kind) {
    case 'tool':
      return capabilities.tools.includes(ownName)
    case 'prompt':
      return capabilities.prompts.includes(ownName)
    case 'resource-template':
      return capabilities.resources.includes(String(definition.uriTemplate ?? ownName)) // a read one has the made address
    case 'resource':
      return capabilities.resources.some((named) => named === ownName || makes(named, ownName))
    default:
      return true // its instructions are not used, but read
  }
}

/** Could this template have made the address? Looks for its plain parts in order, so it takes no longer than they are. */
function makes(template: string, uri: string): boolean {
  const parts = template.split(/\{[^{}]*\}/)
  const [first = '', ...others] = parts
  const last = others.pop()
  if (last === undefined || first === '' || !uri.startsWith(first)) return false
  let at = first.length
  for (const part of others) {
    const found = uri.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return uri.length - last.length >= at && uri.endsWith(last)
}
