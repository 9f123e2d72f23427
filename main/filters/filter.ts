import type { PathFact, Reply } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

export interface FilteredCall {
  readonly server: ServerConfig
  readonly entry: CatalogEntry
  readonly arguments: JsonObject
}

/** What one filter found. `arguments` only when it changed them. */
export interface CallFindings {
  readonly arguments?: JsonObject
  readonly labels?: readonly string[]
  readonly paths?: readonly PathFact[]
  readonly urls?: readonly string[]
  readonly commands?: readonly string[]
}

export interface CallFilter {
  readonly name: string
  /** @throws filters.blocked */
  inspect(call: FilteredCall): CallFindings
}

export interface FilteredReply {
  readonly server: ServerConfig
  readonly entry: CatalogEntry
  readonly reply: Reply
  /**
   * Not the answer itself: what a server asks its client meanwhile, or tells it, such as progress. There is nothing to
   * refuse in what is told, so what would be blocked is taken out.
   */
  readonly way?: 'asked' | 'told'
}

export interface ReplyFilter {
  readonly name: string
  /** @returns undefined when there was nothing to do */
  apply(
    reply: FilteredReply,
  ): { readonly reply: Reply; readonly labels: readonly string[]; readonly secrets?: readonly string[] } | undefined
}
