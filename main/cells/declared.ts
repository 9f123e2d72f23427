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

/** What ends a part of an address; a value is put in with each of them as `%XX` (RFC 6570, 3.2.2). */
const delimiters = /[/\\?#]/
/** Also as `%2e`: it leads out of where the template is. */
const dotSegment = /(?:^|[/\\])(?:\.|%2e){1,2}(?=$|[/\\?#])/i

/**
 * Could this template have made the address? What stands for `{x}` holds no delimiter; for an expression with an operator,
 * such as `{+x}`, any text is taken. Looks once over the address for each of its parts, however many ways there are.
 */
function makes(template: string, uri: string): boolean {
  const [first = '', ...others] = template.split(/(\{[^{}]*\})/)
  if (others.length === 0 || first === '' || !uri.startsWith(first) || dotSegment.test(uri)) return false
  let ends = new Set([first.length])
  for (const [at, part] of others.entries())
    ends = at % 2 === 0 ? afterValue(part, uri, ends) : afterText(part, uri, ends)
  return ends.has(uri.length)
}

const afterText = (text: string, uri: string, starts: ReadonlySet<number>): Set<number> =>
  new Set([...starts].filter((at) => uri.startsWith(text, at)).map((at) => at + text.length))

function afterValue(expression: string, uri: string, starts: ReadonlySet<number>): Set<number> {
  const isAny = /^\{[+#./;?&=,!@|]/.test(expression)
  const ends = new Set<number>()
  let reached = false
  for (let at = 0; at <= uri.length; at++) {
    reached ||= starts.has(at)
    if (reached) ends.add(at)
    if (!isAny && delimiters.test(uri.charAt(at))) reached = false
  }
  return ends
}
