import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { JsonObject } from '../../shared/domain/json.ts'

/** How often one call may come back for more input. */
const mostRounds = 8

export const isInputRequired = (result: JsonObject): boolean => result.resultType === 'input_required'

/**
 * Lets a client of an earlier revision use a server that asks by `input_required`: every question becomes the request
 * that client understands, and the call is made again with the answers, on the same road as the first time.
 *
 * @param again makes the call with these members of the parameters
 * @throws ProtocolError when the client cannot be asked or the server never has enough
 */
export async function answeredByRequests(
  first: JsonObject,
  peer: ClientPeer,
  signal: AbortSignal,
  again: (extra: JsonObject) => Promise<Reply>,
): Promise<Reply> {
  let result = first
  for (let round = 0; round < mostRounds; round++) {
    const inputResponses = await asked(result.inputRequests, peer, signal)
    const state = typeof result.requestState === 'string' ? { requestState: result.requestState } : {}
    const reply = await again({ inputResponses, ...state })
    if (reply.kind === 'error' || !isInputRequired(reply.result)) return reply
    result = reply.result
  }
  throw new ProtocolError(ProtocolErrorCode.InternalError, `The server asked for input more than ${mostRounds} times`)
}

async function asked(requests: unknown, peer: ClientPeer, signal: AbortSignal): Promise<JsonObject> {
  const responses: Record<string, JsonObject> = {}
  for (const [key, request] of Object.entries(
    (requests ?? {}) as Record<string, { method?: unknown; params?: unknown }>,
  )) {
    if (typeof request?.method !== 'string')
      throw new ProtocolError(ProtocolErrorCode.InternalError, 'The server asked for input without a method')
    responses[key] = await peer.request(request.method, (request.params ?? {}) as JsonObject, signal)
  }
  return responses
}
