import {
  type CallToolResult,
  type CreateMessageRequest,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type ServerContext,
} from '@modelcontextprotocol/server'
import { failed, referenceIn } from './answers.ts'
import type { Engine } from './engine.ts'

/** Up to 2025-11-25, and from 2026-07-28 on. */
export type Era = 'legacy' | 'modern'
/** What the client’s model answered, if it was asked; or what is answered in place of doing the call. */
type Asked = { readonly found?: unknown } | { readonly instead: CallToolResult | InputRequiredResult }

/** A person may have to agree before a model is asked. */
const patienceMs = 120_000
const model = 'model'

/** Asks the client’s model what the engine wants to know of it, in the way of the era. Without an answer it goes on without. */
export async function askedBefore(engine: Pick<Engine, 'prepare'>, ctx: ServerContext, era: Era): Promise<Asked> {
  const { inputResponses, _meta, signal } = ctx.mcpReq
  if (inputResponses !== undefined) return answerIn(inputResponses)
  let question: CreateMessageRequest['params'] | null
  try {
    question = (await engine.prepare(referenceIn(_meta))) as typeof question
  } catch (error) {
    return { instead: failed(error) }
  }
  if (question === null) return {}
  if (era === 'modern')
    return { instead: inputRequired({ inputRequests: { [model]: inputRequired.createMessage(question) } }) }
  try {
    return { found: await ctx.mcpReq.requestSampling(question, { signal, timeout: patienceMs }) }
  } catch {
    return {} // refused, by the client, by a rule or by its model
  }
}

function answerIn(responses: Record<string, unknown>): Asked {
  const view = inputResponse(responses, model)
  return view.kind === 'sampling' ? { found: view.result } : {}
}
