import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { askable } from './carried-capabilities.ts'
import { modernRevision } from './handshake.ts'
import type { Era } from './server-store.ts'

const mostRounds = 16

/**
 * A 2026-07-28 server answers “input required” where an older one would ask the client in between. A client that speaks
 * 2026-07-28 gets that answer as it is; for an older one the questions are put to it here and the call is sent again.
 *
 * @see MCP 2026-07-28, “Multi Round-Trip Requests”
 */
export async function answeringInput(
  call: Equipped,
  era: Era,
  send: (call: Equipped) => Promise<Reply>,
): Promise<Reply> {
  let reply = await send(call)
  if (era === 'legacy' || call.peer.protocol >= modernRevision) return reply
  for (let round = 0; round < mostRounds; round++) {
    if (reply.kind === 'error' || reply.result.resultType !== 'input_required') return reply
    reply = await send({ ...call, extra: { ...call.extra, ...(await answers(call, reply.result)) } })
  }
  return { kind: 'error', error: { code: -32603, message: 'The server kept asking for more input.' } }
}

async function answers(call: Equipped, result: JsonObject): Promise<JsonObject> {
  const inputResponses: Record<string, Json> = {}
  for (const [key, asked] of Object.entries(objectOf(result.inputRequests))) {
    const { method, params } = objectOf(asked)
    const needed = typeof method === 'string' ? askable[method] : undefined
    if (typeof method !== 'string' || needed === undefined || call.peer.capabilities[needed] === undefined) continue
    inputResponses[key] = await call.peer.request(method, objectOf(params), call.deadline)
  }
  return {
    inputResponses,
    ...(typeof result.requestState === 'string' ? { requestState: result.requestState } : {}),
  }
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
