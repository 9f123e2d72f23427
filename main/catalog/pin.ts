import { createHash } from 'node:crypto'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { Sha256 } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/**
 * Fingerprint of everything a definition says: SHA-256 over its RFC 8785 text. All of it counts, members we do not know
 * included, because a model may read them.
 */
export function pinOf(kind: EntryKind, definition: JsonObject): Sha256 {
  return createHash('sha256')
    .update(`${kind}\n${canonicalJson(definition)}`)
    .digest('hex') as Sha256
}

/** The server's own name for it: a tool's or prompt's name, a resource's URI, a template. Undefined when it has none. */
export function ownNameOf(kind: EntryKind, definition: JsonObject): string | undefined {
  if (kind === 'instructions') return kind
  const name =
    kind === 'resource' ? definition.uri : kind === 'resource-template' ? definition.uriTemplate : definition.name
  return typeof name === 'string' && name.length > 0 && name.length <= 4096 && name.isWellFormed() ? name : undefined
}

export function titleOf(definition: JsonObject, ownName: string): string {
  const annotations = definition.annotations as JsonObject | undefined
  for (const title of [definition.title, annotations?.title, definition.name])
    if (typeof title === 'string' && title.trim() !== '') return title
  return ownName
}

export const descriptionOf = (definition: JsonObject): string =>
  typeof definition.description === 'string' ? definition.description : ''
