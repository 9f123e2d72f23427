import { type JSONRPCRequest, ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { ExchangeMethod } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { RequestContext } from './request-context.ts'

export interface ExchangeRequest {
  readonly method: ExchangeMethod
  readonly target: string
  readonly arguments: unknown
  readonly meta?: JsonObject
  readonly extra?: JsonObject
}

type Params = Readonly<Record<string, unknown>>

/**
 * A request that reaches a server, as the kernel wants it; undefined for any other method.
 * @throws ProtocolError −32602 when name, URI or reference is missing
 */
export function readRequest(request: JSONRPCRequest, mcpReq: RequestContext): ExchangeRequest | undefined {
  const params = (request.params ?? {}) as Params
  switch (request.method) {
    case 'tools/call':
    case 'prompts/get':
      return named(request.method, params, mcpReq)
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return addressed(request.method, params, mcpReq)
    case 'completion/complete':
      return completion(params, mcpReq)
    default:
      return undefined
  }
}

function named(method: 'tools/call' | 'prompts/get', params: Params, mcpReq: RequestContext): ExchangeRequest {
  const { name, arguments: given, _meta, ...others } = params
  const target = text(name, method, 'name')
  return { method, target, arguments: given ?? {}, ...meta(_meta), ...extra(others, mcpReq) }
}

function addressed(
  method: 'resources/read' | 'resources/subscribe' | 'resources/unsubscribe',
  params: Params,
  mcpReq: RequestContext,
): ExchangeRequest {
  const { uri, _meta, ...others } = params
  return { method, target: text(uri, method, 'uri'), arguments: others, ...meta(_meta), ...extra({}, mcpReq) }
}

function completion(params: Params, mcpReq: RequestContext): ExchangeRequest {
  const { ref, _meta, ...others } = params
  const method = 'completion/complete'
  const { name, uri } = (ref ?? {}) as { name?: unknown; uri?: unknown }
  return {
    method,
    target: text(name ?? uri, method, 'ref'),
    arguments: others,
    ...meta(_meta),
    ...extra({ ref }, mcpReq),
  }
}

function text(value: unknown, method: ExchangeMethod, member: string): string {
  if (typeof value === 'string') return value
  throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Invalid params for ${method}: ${member}: a text is needed`)
}

/** With the progress token, which says that the client wants to hear of progress; servers get one of their own. */
function meta(given: unknown): { meta?: JsonObject } {
  return typeof given === 'object' && given !== null ? { meta: given as JsonObject } : {}
}

/** With the members of a repeated request, which the SDK sets apart. @see MCP 2026-07-28, multi round-trip requests */
function extra(others: Params, mcpReq: RequestContext): { extra?: JsonObject } {
  const state = mcpReq.requestState()
  if (state !== undefined && typeof state !== 'string')
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState')
  const all = {
    ...others,
    ...(mcpReq.inputResponses === undefined ? {} : { inputResponses: mcpReq.inputResponses }),
    ...(state === undefined ? {} : { requestState: state }),
  }
  return Object.keys(all).length > 0 ? { extra: all as JsonObject } : {}
}
