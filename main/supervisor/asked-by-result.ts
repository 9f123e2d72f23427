import { askable } from '../../shared/domain/askable.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { ToClient } from './to-client.ts'

export const isInputRequired = (reply: Reply): reply is Extract<Reply, { kind: 'result' }> =>
  reply.kind === 'result' && reply.result.resultType === 'input_required'

/**
 * What a 2026-07-28 server asks by its answer passes the same road as what an earlier one asks by a request.
 * @throws what refuses one of the questions
 */
export function judgeQuestions(call: Equipped, reply: Reply, toClient: ToClient): Reply {
  if (!isInputRequired(reply)) return reply
  for (const request of Object.values(objectOf(reply.result.inputRequests))) {
    const { method } = objectOf(request)
    if (typeof method !== 'string' || !Object.hasOwn(askable, method)) return notAskable
    toClient.asked(method, call)
  }
  return reply
}

const notAskable: Reply = {
  kind: 'error',
  error: { code: -32_603, message: 'The server asks for something that no client answers.' },
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
