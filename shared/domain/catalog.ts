import type { EntryName, ServerName, Sha256 } from './ids.ts'
import type { JsonObject } from './json.ts'

/** `instructions`: what a server says to the model about itself as a whole, its entry of that name. */
export const entryKinds = ['tool', 'resource', 'resource-template', 'prompt', 'instructions'] as const
export type EntryKind = (typeof entryKinds)[number]

/** One thing a server offers, under its stable name. `definition` is the server's own object (Tool, Resource, …). */
export interface CatalogEntry {
  readonly kind: EntryKind
  readonly name: EntryName
  readonly server: ServerName
  /** The server's own name for it (tool or prompt name, resource URI, template). */
  readonly ownName: string
  readonly title: string
  readonly definition: JsonObject
  /** Fingerprint of name, description, schemas and annotations (RFC 8785, SHA-256). */
  readonly pin: Sha256
  readonly quarantine?: 'new' | 'changed'
}

/**
 * Something of one server that could be mistaken for another's, or speaks of it. `same-name`: both call it the same.
 * `look-alike`: the names look alike and are not the same. `mention`: its description names the other's tool.
 * `same-address`: both claim the address; the one that was pinned first has it.
 */
export const warningKinds = ['same-name', 'look-alike', 'mention', 'same-address'] as const
export interface CatalogWarning {
  readonly kind: (typeof warningKinds)[number]
  readonly server: ServerName
  readonly name: EntryName
  /** The other entry, and whose it is. */
  readonly otherServer: ServerName
  readonly other: EntryName
}
