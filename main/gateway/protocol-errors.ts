import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { ExchangeMethod, Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { type ErrorCode, GatehouseError, unexpected } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'

/** Gatehouse's own refusals of anything but a tool call; outside −32768…−32000, which the protocol keeps for itself. */
export const refusedCode = -31_000
const resourceNotFoundCode = -32_002
const firstModernRevision = '2026-07-28'
/** From here on arguments that do not fit are told to the model as a tool result. @see MCP 2025-11-25, server/tools, “Error Handling” */
const firstRevisionWithArgumentResults = '2025-11-25'

/** Data of error answers that keep −32002 on the wire, which the SDK would turn into −32602 for every revision. */
const notFoundData = new WeakSet<object>()

/** @returns whether this error answer is “resource not found” as revisions up to 2025-11-25 write it. */
export const isLegacyNotFound = (data: unknown): boolean =>
  typeof data === 'object' && data !== null && notFoundData.has(data)
export { resourceNotFoundCode }

/** A server's answer as the SDK wants it: a result, or a thrown protocol error with the server's own code. */
export function unwrapped(reply: Reply, method: ExchangeMethod, target: string, protocol: string): JsonObject {
  if (reply.kind === 'result') return reply.result
  const { code, message, data } = reply.error
  if (method === 'resources/read' && code === resourceNotFoundCode) throw notFound(message, target, protocol, data)
  throw new ProtocolError(code, message, data)
}

/**
 * A refusal or failure as this revision tells it: the model reads the outcome of a tool call as a result, everything
 * else is a protocol error. Only the sentence for the model and the code leave.
 */
export function refused(error: unknown, method: string, target: string, protocol: string): JsonObject {
  const known = error instanceof GatehouseError ? error : unexpected('', error)
  const text = sentence(known, 'model')
  const data = { 'gatehouse/code': known.code, ...approvalOf(known), ...retryOf(known) }
  if (known.code === 'catalog.unknown' && method === 'resources/read') throw notFound(text, target, protocol, undefined)
  if (isInvalidParams(known.code, method, protocol))
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, text, data)
  if (method === 'tools/call') return { isError: true, content: [{ type: 'text', text }], _meta: data }
  throw new ProtocolError(
    known.code === 'internal.unexpected' ? ProtocolErrorCode.InternalError : refusedCode,
    text,
    data,
  )
}

const approvalOf = (error: GatehouseError): JsonObject =>
  error.code === 'approvals.waiting' && error.params.id ? { 'gatehouse/approval': error.params.id } : {}

/** Seconds after which it may be tried again. */
const retryOf = ({ code, params }: GatehouseError): JsonObject =>
  (code.startsWith('limits.') || code === 'app.draining') && code !== 'limits.deadline' && params.seconds
    ? { 'gatehouse/retryAfter': Number(params.seconds) }
    : {}

function isInvalidParams(code: ErrorCode, method: string, protocol: string): boolean {
  if (code === 'catalog.unknown' || code === 'wire.malformed' || code === 'arguments.round') return true
  if (code !== 'arguments.invalid' && code !== 'arguments.unsafe') return false
  return method !== 'tools/call' || protocol < firstRevisionWithArgumentResults
}

function notFound(message: string, uri: string, protocol: string, data: Json | undefined): ProtocolError {
  if (protocol >= firstModernRevision)
    return new ProtocolError(ProtocolErrorCode.InvalidParams, message, data ?? { uri })
  const marked = isPlainObject(data) ? { ...data } : { uri }
  notFoundData.add(marked)
  return new ProtocolError(resourceNotFoundCode, message, marked)
}

const isPlainObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
