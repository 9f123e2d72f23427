import type { EntryName, ServerName, Sha256 } from './ids.ts'
import type { JsonObject } from './json.ts'

export type EntryKind = 'tool' | 'resource' | 'resource-template' | 'prompt'

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
