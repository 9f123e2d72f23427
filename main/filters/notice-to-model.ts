import type { Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { ContentFilterId } from '../../shared/domain/filters.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { filterBlocked } from '../../shared/errors.ts'
import { filterNotices } from '../../shared/messages/en/filters.ts'
import { fill } from '../../shared/messages/messages.ts'

/** What the model should know of an answer. Of the others the person is told, by labels and counts. */
const noticed: readonly (keyof typeof filterNotices & ContentFilterId)[] = [
  'instructions',
  'hidden-characters',
  'encoded-payload',
  'data-in-address',
]

/**
 * A tool's answer with a line for the model at its end. It stands beside what the server said, never in it, so that
 * nothing that is parsed breaks; answers without a list of contents get none.
 */
export function withNotice(result: JsonObject, entry: CatalogEntry, warned: ReadonlySet<ContentFilterId>): JsonObject {
  const said = noticed.filter((id) => warned.has(id))
  if (said.length === 0 || entry.kind !== 'tool' || !Array.isArray(result.content)) return result
  const about = said.map((id) => filterNotices[id]).join('; ')
  const text = fill(filterNotices.notice, { about, server: entry.server })
  const notice = { type: 'text', text, annotations: { audience: ['assistant'], priority: 1 } }
  return { ...result, content: [...result.content, notice as unknown as Json] }
}

/** In place of an answer that is not passed on. @throws filters.blocked for what cannot carry a note */
export function leftOut(entry: CatalogEntry, filter: ContentFilterId): Reply {
  const problem = 'your settings do not let this answer through'
  if (entry.kind !== 'tool') throw filterBlocked(entry.name, filter, problem)
  const text = fill(filterNotices.blocked, { entry: entry.name, filter })
  return { kind: 'result', result: { content: [{ type: 'text', text }], isError: true } }
}
