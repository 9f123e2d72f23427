import { canonicalJson } from '../../../shared/domain/canonical-json.ts'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import { argumentsInvalid } from '../../../shared/errors.ts'
import type { Filtered, Validated } from '../exchange.ts'
import type { CatalogPort, FiltersPort } from '../ports.ts'

/**
 * The filter list on the arguments and on answers to a server's questions: finds paths, URLs, commands and labels; may
 * block or redact, then the arguments are validated again.
 */
export function filterCall(validated: Validated, filters: FiltersPort, catalog: CatalogPort): Filtered {
  const found = filters.call(validated)
  if (found.changed) {
    const problem = catalog.check(validated.entry, found.arguments)
    if (problem !== undefined) throw argumentsInvalid(validated.entry.name, problem)
  }
  const answers = filterAnswers(validated, filters)
  blockBeside(validated, filters)
  const labels = [...new Set([...found.labels, ...(answers?.labels ?? [])])]
  const canonical = canonicalJson(found.arguments)
  validated.trail.note({ arguments: found.arguments, canonical, ...(labels.length > 0 ? { labels } : {}) })
  validated.trail.lap('filter')
  return {
    ...validated,
    arguments: found.arguments,
    canonical,
    ...(answers ? { extra: { ...validated.extra, ...answers.arguments } } : {}),
    paths: [...found.paths, ...(answers?.paths ?? [])],
    urls: [...found.urls, ...(answers?.urls ?? [])],
    commands: [...found.commands, ...(answers?.commands ?? [])],
    ...(labels.length > 0 ? { labels } : {}),
  } as unknown as Filtered
}

/** An address made from a template, `_meta` and whatever else goes along: what filters block there is blocked. */
function blockBeside({ server, entry, extra, meta, method }: Validated, filters: FiltersPort): void {
  const { inputResponses: _answers, ref: _ref, ...others } = extra ?? {}
  const made = entry.kind === 'resource-template' && method !== 'completion/complete'
  const beside = { ...others, ...(meta ? { meta } : {}), ...(made ? { uri: entry.ownName } : {}) }
  if (Object.keys(beside).length > 0) filters.call({ server, entry, arguments: beside })
}

/** What a client answers to a server's questions reaches the server just as arguments do. */
function filterAnswers({ server, entry, extra }: Validated, filters: FiltersPort) {
  const inputResponses = extra?.inputResponses
  if (inputResponses === undefined) return undefined
  const found = filters.call({ server, entry, arguments: { inputResponses } })
  return { ...found, paths: found.paths.filter(({ pointer }) => !isRoot(pointer, inputResponses)) }
}

/** The folders a client tells of are names, not paths a tool is asked to work on. @see MCP, client/roots */
function isRoot(pointer: string, responses: Json): boolean {
  const key = /^\/inputResponses\/([^/]+)\/roots\/\d+\/(?:uri|name)$/.exec(pointer)?.[1]
  const answer =
    key === undefined ? undefined : (responses as JsonObject)[key.replaceAll('~1', '/').replaceAll('~0', '~')]
  const members = Object.keys((answer ?? {}) as JsonObject)
  return members.length > 0 && members.every((member) => member === 'roots' || member === '_meta')
}
