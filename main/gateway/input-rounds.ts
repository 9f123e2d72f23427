import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import { askable } from '../../shared/domain/askable.ts'
import type { ClientPeer, Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'

/** How often one call may come back for more input. */
const mostRounds = 16

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
    const inputResponses = await asked(objectOf(result.inputRequests), peer, signal)
    const state = typeof result.requestState === 'string' ? { requestState: result.requestState } : {}
    const reply = await again({ inputResponses, ...state })
    if (reply.kind === 'error' || !isInputRequired(reply.result)) return reply
    result = reply.result
  }
  throw new ProtocolError(ProtocolErrorCode.InternalError, `The server asked for input more than ${mostRounds} times`)
}

/** Only what a server may ask, and only what this client said it can do. */
async function asked(requests: JsonObject, peer: ClientPeer, signal: AbortSignal): Promise<JsonObject> {
  const responses: Record<string, JsonObject> = {}
  const askedFor = Object.entries(requests)
  for (const [key, request] of askedFor) {
    const { method, params } = objectOf(request)
    const needed = typeof method === 'string' && Object.hasOwn(askable, method) ? askable[method] : undefined
    if (typeof method !== 'string' || needed === undefined || peer.capabilities[needed] === undefined) continue
    responses[key] = await peer.request(method, objectOf(params), signal)
  }
  if (askedFor.length > 0 && Object.keys(responses).length === 0)
    throw new ProtocolError(ProtocolErrorCode.InvalidRequest, 'The server asks for input this client cannot give')
  return responses
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
