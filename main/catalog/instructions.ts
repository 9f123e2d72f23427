import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import { descriptionOf } from './pin.ts'

const beginning = '--- From the server'

export const textOf = ({ definition }: CatalogEntry): string => descriptionOf(definition)

/**
 * What several servers say to the model, each under its name, in the order of the entries. A line by which a server would
 * speak as another is quoted.
 */
export function joined(said: readonly CatalogEntry[]): string {
  return said.map((entry) => `${headingOf(entry)}\n${quoted(textOf(entry))}`).join('\n\n')
}

const headingOf = ({ server }: CatalogEntry) => `${beginning} “${server}” (its tools begin with ${server}__) ---`

const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u0085\u2028\u2029]/)
    .map((line) => (/^[\s\p{Dash}]*from the server/iu.test(line) ? `> ${line}` : line))
    .join('\n')
