import type { Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { ContentFilterId, FoundBy } from '../../shared/domain/filters.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { filterBlocked } from '../../shared/errors.ts'
import { filterNotices } from '../../shared/messages/en/filters.ts'
import { fill } from '../../shared/messages/messages.ts'
import type { FilteredReply } from './filter.ts'

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
export function withNotice(
  result: JsonObject,
  entry: CatalogEntry,
  warned: ReadonlySet<FoundBy>,
  way: FilteredReply['way'],
): JsonObject {
  const said = noticed.filter((id) => warned.has(id))
  if (said.length === 0 || way === 'told') return result
  const about = said.map((id) => filterNotices[id]).join('; ')
  if (way === 'asked') return askedWithNotice(result, fill(filterNotices.asked, { about, server: entry.server }))
  if (entry.kind !== 'tool' || !Array.isArray(result.content)) return result
  const text = fill(filterNotices.notice, { about, server: entry.server })
  const notice = { type: 'text', text, annotations: { audience: ['assistant'], priority: 1 } }
  return { ...result, content: [...result.content, notice as unknown as Json] }
}

/** A model is asked: what it is told comes first. Questions to the person carry none. @see MCP, client/sampling */
function askedWithNotice(params: JsonObject, notice: string): JsonObject {
  if (!Array.isArray(params.messages)) return params
  const { systemPrompt } = params
  return { ...params, systemPrompt: typeof systemPrompt === 'string' ? `${notice}\n\n${systemPrompt}` : notice }
}

/** In place of an answer that is not passed on. @throws filters.blocked for what cannot carry a note */
export function leftOut(entry: CatalogEntry, filter: FoundBy, way: FilteredReply['way']): Reply {
  const problem = `your settings do not let this ${way === 'asked' ? 'question' : 'answer'} through`
  if (entry.kind !== 'tool' || way !== undefined) throw filterBlocked(entry.name, filter, problem)
  const text = fill(filterNotices.blocked, { entry: entry.name, filter })
  return { kind: 'result', result: { content: [{ type: 'text', text }], isError: true } }
}
