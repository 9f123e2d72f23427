import { setTimeout as pause } from 'node:timers/promises'
import { askable } from '../../shared/domain/askable.ts'
import type { Reply } from '../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { GatehouseError, serverCrashed } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { Era } from './server-store.ts'
import type { ToClient } from './to-client.ts'

export const tasksExtension = 'io.modelcontextprotocol/tasks'

/** Milliseconds between two looks at a server's task, whatever it wishes for. */
const soonestMs = 50
const latestMs = 5_000
const usualMs = 1_000
const over: readonly unknown[] = ['completed', 'failed', 'cancelled']

/** The way to the server a task lives in. */
export interface TaskRoad {
  readonly era: Era
  readonly toClient: ToClient
  /** @throws ServerGone; the aborted signal's reason */
  ask(method: string, params: JsonObject, signals: readonly AbortSignal[]): Promise<Reply>
}

/** The task a server answered with instead of a result; undefined for every other answer. */
export function serverTaskOf(reply: Reply, era: Era): JsonObject | undefined {
  if (reply.kind === 'error') return undefined
  const task = era === 'modern' ? reply.result : objectOf(reply.result.task)
  if (era === 'modern' && task.resultType !== 'task') return undefined
  return typeof task.taskId === 'string' ? task : undefined
}

/**
 * What is sent along so that a 2025-11-25 server makes a task of a call: it does so only where its tool says it can.
 * @see MCP 2025-11-25, basic/utilities/tasks, “Tool-Level Negotiation”
 */
export function wishForTask({ method, entry, unhurried }: Equipped, capabilities: JsonObject): JsonObject | undefined {
  const offered = objectOf(objectOf(objectOf(capabilities.tasks).requests).tools).call !== undefined
  if (method !== 'tools/call' || !offered) return undefined
  const support = objectOf(entry.definition.execution).taskSupport
  if (support !== 'required' && !(support === 'optional' && unhurried)) return undefined
  return { task: unhurried ? { ttl: unhurried.deadlineMs } : {} }
}

/**
 * Follows a server's own task to its end, so that the call stays one call whose answer is filtered and recorded. Its
 * questions go to the client whose call it is.
 *
 * @throws ServerGone, the aborted signal's reason, and then the server is told to stop
 */
export function followServerTask(call: Equipped, task: JsonObject, road: TaskRoad): Promise<Reply> {
  return new ServerTask(call, String(task.taskId), road).follow(task)
}

/** Goes on with the task of a call that was made before the app was restarted. @throws server.crashed when it is unknown */
export async function resumeServerTask(call: Equipped, taskId: string, road: TaskRoad): Promise<Reply> {
  const known = await road.ask('tasks/get', { taskId }, [call.signal, call.deadline])
  if (known.kind === 'error') throw serverCrashed(call.server.name, 'it no longer knows the task it was working on.')
  return new ServerTask(call, taskId, road).follow(known.result)
}

class ServerTask {
  readonly #asked = new Set<string>()
  #problem: string | undefined

  constructor(
    private readonly call: Equipped,
    private readonly id: string,
    private readonly road: TaskRoad,
  ) {}

  async follow(first: JsonObject): Promise<Reply> {
    const { signal, deadline, peer } = this.call
    const signals = [signal, deadline]
    this.call.atWork?.()
    try {
      for (let task = first; ; ) {
        peer.atWork?.(this.id, this.#messageOf(task))
        if (this.#problem !== undefined) throw new Error(this.#problem)
        const answer = await this.#answerIn(task, signals)
        if (answer) return answer
        await pause(waitMs(task), undefined, { signal: AbortSignal.any(signals) })
        const next = await this.road.ask('tasks/get', { taskId: this.id }, signals)
        if (next.kind === 'error') return next
        task = next.result
      }
    } catch (error) {
      this.road.ask('tasks/cancel', { taskId: this.id }, []).catch(() => {}) // nobody waits for it any more
      if (this.#problem === undefined) throw error
      return { kind: 'error', error: { code: -32_600, message: this.#problem } }
    }
  }

  /** The call's answer, once the task has one. */
  async #answerIn(task: JsonObject, signals: readonly AbortSignal[]): Promise<Reply | undefined> {
    const { status } = task
    if (this.road.era === 'legacy') {
      // there its questions come as requests of their own while the result is waited for
      if (!over.includes(status) && status !== 'input_required') return undefined
      return this.road.ask('tasks/result', { taskId: this.id }, signals)
    }
    if (status === 'completed' && task.result !== undefined) return { kind: 'result', result: objectOf(task.result) }
    if (status === 'failed') return { kind: 'error', error: errorOf(task) }
    if (status === 'cancelled')
      return { kind: 'error', error: { code: -32_603, message: 'The server cancelled the task.' } }
    if (status === 'input_required') this.#carry(objectOf(task.inputRequests))
    return undefined
  }

  #carry(requests: JsonObject): void {
    for (const [key, request] of Object.entries(requests)) {
      if (this.#asked.has(key)) continue
      this.#asked.add(key)
      this.#ask(key, objectOf(request)).catch((error: Error) => {
        this.#problem ??= error instanceof GatehouseError ? sentence(error, 'model') : error.message
      })
    }
  }

  async #ask(key: string, { method, params }: JsonObject): Promise<void> {
    const { peer, signal } = this.call
    const needed = typeof method === 'string' && Object.hasOwn(askable, method) ? askable[method] : undefined
    if (typeof method !== 'string' || needed === undefined || peer.capabilities[needed] === undefined)
      throw new Error('The server asks for input this client cannot give.')
    const { asked, answered } = this.road.toClient
    const given = await peer.request(method, asked(this.call, method, objectOf(params)), signal)
    const response = await answered(this.call, method, given, 'client')
    const update = { taskId: this.id, inputResponses: { [key]: response } }
    const told = await this.road.ask('tasks/update', update, [signal, this.call.deadline])
    if (told.kind === 'error')
      throw new Error(`The server did not take the answer: ${told.error.message.slice(0, 300)}`)
  }

  #messageOf({ statusMessage }: JsonObject): string | undefined {
    if (typeof statusMessage !== 'string') return undefined
    const { statusMessage: clean } = this.road.toClient.told(this.call, { statusMessage })
    return typeof clean === 'string' ? clean.slice(0, 1_000) : undefined
  }
}

function waitMs({ pollIntervalMs, pollInterval }: JsonObject): number {
  const wished = pollIntervalMs ?? pollInterval
  return Math.min(Math.max(typeof wished === 'number' ? wished : usualMs, soonestMs), latestMs)
}

function errorOf({ error, statusMessage }: JsonObject): { code: number; message: string; data?: Json } {
  const { code, message, data } = objectOf(error)
  const why = typeof statusMessage === 'string' ? statusMessage : 'The server reported an error.'
  return {
    code: typeof code === 'number' ? code : -32_603,
    message: typeof message === 'string' ? message : why,
    ...(data === undefined ? {} : { data }),
  }
}

const objectOf = (value: Json | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {}
