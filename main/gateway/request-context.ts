import type { RequestOptions, StandardSchemaV1 } from '@modelcontextprotocol/server'
import type { JsonObject } from '../../shared/domain/json.ts'

/** What serving a request needs to know of it and of the way back: what the SDK calls `ctx.mcpReq`. */
export interface RequestContext {
  /** Aborts when the client cancels or leaves. */
  readonly signal: AbortSignal
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined
  /** The `_meta` keys of 2026-07-28 that describe the client. */
  readonly envelope?: unknown
  /** With {@link requestState}, the members of a repeated request. @see MCP 2026-07-28, multi round-trip requests */
  readonly inputResponses?: unknown
  readonly requestState: () => unknown
  readonly notify: (notification: { method: string; params: JsonObject }) => Promise<void>
  readonly send: (
    request: { method: string; params: JsonObject },
    schema: StandardSchemaV1<unknown, JsonObject>,
    options?: RequestOptions,
  ) => Promise<JsonObject>
}
