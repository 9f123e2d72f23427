import { randomUUID } from 'node:crypto'
import { askable } from '../../shared/domain/askable.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { isFace } from '../../shared/domain/server.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { canAnswer } from './carried-capabilities.ts'
import type { ToClient } from './to-client.ts'

/** How often one call may ask the person in a row. */
const mostRounds = 16
const mostKept = 100
/** By it a state of ours is told from a server's own. */
const statePrefix = 'gatehouse-answered:'

type Send = (extra: JsonObject | undefined, signal: AbortSignal) => Promise<Reply>

/**
 * What a 2026-07-28 server asks by its answer passes the same road as what an earlier one asks by a request; what the
 * client cannot ask is asked in the window, and the call made again with the answers.
 */
export class AskedByResult {
  /** Answers of the person to a question whose other part the client answers: by our state. */
  readonly #kept = new Map<string, { readonly answers: JsonObject; readonly state: JsonObject }>()

  constructor(private readonly toClient: ToClient) {}

  /** @throws what refuses one of the questions, or the answer to one */
  async exchange(call: Equipped, send: Send): Promise<Reply> {
    let reply = await send(this.#restored(call.extra), call.deadline)
    for (let round = 0; round < mostRounds && isInputRequired(reply); round++) {
      const questions = this.#askable(call, reply.result)
      if (questions === 'refused') {
        reply = await send({ ...stateOf(reply.result), inputResponses: {} }, call.deadline)
        continue
      }
      if (questions === undefined) return notAskable
      const answers = await this.#fromPerson(call, questions)
      const asked = { ...reply.result, inputRequests: questions }
      const state = stateOf(reply.result)
      const left = Object.entries(questions).filter(([key]) => answers[key] === undefined)
      if (Object.keys(answers).length === 0) return { kind: 'result', result: asked }
      if (left.length > 0) return this.#keep(asked, Object.fromEntries(left), { answers, state })
      reply = await send({ ...state, inputResponses: answers }, AbortSignal.timeout(call.deadlineMs))
    }
    return reply
  }

  /** A face of ours goes on without an answer; any other server’s call ends with what refuses its question. */
  #askable(call: Equipped, result: JsonObject): JsonObject | 'refused' | undefined {
    try {
      return this.#judged(call, result)
    } catch (error) {
      if (isFace(call.server)) return 'refused'
      throw error
    }
  }

  #judged(call: Equipped, { inputRequests }: JsonObject): JsonObject | undefined {
    const questions = Object.entries(objectOf(inputRequests)).map(
      ([key, question]) => [key, objectOf(question)] as const,
    )
    if (questions.some(([, { method }]) => typeof method !== 'string' || !Object.hasOwn(askable, method)))
      return undefined
    return Object.fromEntries(
      questions.map(([key, { method, params }]) => [
        key,
        { method: method as string, params: this.toClient.asked(call, method as string, objectOf(params)) },
      ]),
    )
  }

  async #fromPerson(call: Equipped, questions: JsonObject): Promise<JsonObject> {
    const { person, answered } = this.toClient
    const answers: Record<string, JsonObject> = {}
    if (!person?.there()) return answers
    for (const [key, question] of Object.entries(questions)) {
      const { method, params } = objectOf(question)
      if (method !== 'elicitation/create' || canAnswer(call.peer, method, objectOf(params))) continue
      answers[key] = await answered(call, method, await person.elicit(objectOf(params), call, call.signal), 'person')
    }
    return answers
  }

  #keep(asked: JsonObject, inputRequests: JsonObject, kept: { answers: JsonObject; state: JsonObject }): Reply {
    const requestState = `${statePrefix}${randomUUID()}`
    const [oldest] = this.#kept.keys()
    if (this.#kept.size >= mostKept && oldest !== undefined) this.#kept.delete(oldest)
    this.#kept.set(requestState, kept)
    return { kind: 'result', result: { ...asked, inputRequests, requestState } }
  }

  #restored(extra: JsonObject | undefined): JsonObject | undefined {
    const { requestState, inputResponses, ...others } = extra ?? {}
    if (typeof requestState !== 'string' || !requestState.startsWith(statePrefix)) return extra
    const { answers, state } = this.#kept.get(requestState) ?? { answers: {}, state: {} }
    this.#kept.delete(requestState)
    return { ...others, ...state, inputResponses: { ...objectOf(inputResponses), ...answers } }
  }
}

const isInputRequired = (reply: Reply): reply is Extract<Reply, { kind: 'result' }> =>
  reply.kind === 'result' && reply.result.resultType === 'input_required'

/** An answer in which a question would pass unjudged: an earlier server’s, a task’s. */
export const withoutQuestions = (reply: Reply): Reply => (isInputRequired(reply) ? notHere : reply)

const stateOf = ({ requestState }: JsonObject): JsonObject => (typeof requestState === 'string' ? { requestState } : {})

const notAskable: Reply = {
  kind: 'error',
  error: { code: -32_603, message: 'The server asks for something that no client answers.' },
}

const notHere: Reply = {
  kind: 'error',
  error: { code: -32_603, message: 'The server asked in a way that this answer has no room for.' },
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
