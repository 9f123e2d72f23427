/**
 * Long calls of clients that use tasks. Such a call goes the one road like any other; when it takes longer, its client
 * is given a task to poll, and the answer is kept, encrypted, until the task's time is over. Survives a restart: see
 * `start`.
 *
 * It refuses to show one client another's tasks, and to make a call twice that may have had an effect.
 */
import type { Client, Reply } from '../../../shared/domain/call.ts'
import { type EpochMs, newId, type SessionId } from '../../../shared/domain/ids.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Received } from '../../kernel/exchange.ts'
import type { TaskRecord } from '../../tasks/task.ts'
import type { Tasks } from '../../tasks/tasks.ts'
import { refusedCode } from '../protocol-errors.ts'
import { RunningTask } from './running-task.ts'
import { type Generation, type InputRequests, tasksExtension } from './task-shapes.ts'

export interface TaskDeskParts {
  readonly tasks: Tasks
  readonly handle: (received: Received) => Promise<Reply>
  /** A session for a call that goes on after a restart: the one it was made in while that lasts, else another. */
  readonly sessionFor: (record: TaskRecord) => SessionId
  /** What the caller of a session proved who it is with. */
  readonly credentialOf?: (session: SessionId) => string | undefined
  /** A sign of life for a session whose client may be gone for a while: its processes are at work. */
  readonly keepAlive?: (session: SessionId) => void
  readonly onError: (error: unknown) => void
  /** Milliseconds a client waits for an answer before it gets a task. */
  readonly afterMs?: number
}

export interface TaskTerms {
  readonly generation: Generation
  readonly ttlMs?: number
}

const defaultAfterMs = 5_000
const keepAliveMs = 60_000
const cutOff =
  'Gatehouse or the server was stopped while this ran. It may or may not have had an effect; look before it is tried again.'

export class TaskDesk {
  readonly #running = new Map<string, RunningTask>()
  readonly #waiting = new Map<string, Set<() => void>>()
  #timer: NodeJS.Timeout | undefined

  constructor(private readonly parts: TaskDeskParts) {}

  /**
   * Goes on with what the last run left: a call that had not reached its server is made again (its question is still
   * open), one the server has a task for is polled on, and any other has failed.
   */
  start(): void {
    this.#timer = setInterval(() => this.#keepAlive(), keepAliveMs).unref()
    for (const record of this.parts.tasks.start()) {
      const { call, serverTask } = record.content
      if (call && (record.phase === 'held' || serverTask !== undefined)) this.#resume(record)
      else this.#end(record, cutOff)
    }
  }

  /** What runs is not answered any more; its record stays as it is. */
  stop(): void {
    clearInterval(this.#timer)
    this.parts.tasks.stop()
  }

  /** Whether this call may become a task; undefined for every client that does not use them. */
  termsFor({ method, peer, extra }: Pick<Received, 'method' | 'peer' | 'extra'>): TaskTerms | undefined {
    if (method !== 'tools/call') return undefined
    if (peer.protocol >= '2026') return declares(peer.capabilities) ? { generation: 'extension' } : undefined
    if (extra?.task === undefined || peer.protocol < '2025-11-25') return undefined
    const { ttl } = (extra.task ?? {}) as { ttl?: unknown }
    return { generation: 'experimental', ...(typeof ttl === 'number' ? { ttlMs: ttl } : {}) }
  }

  /** @returns the answer, or the task the call became. @throws ProtocolError */
  async run(received: Received, client: Client, { generation, ttlMs }: TaskTerms): Promise<JsonObject> {
    const task = this.#task(received, client, generation, ttlMs)
    const wait = generation === 'experimental' ? 0 : (this.parts.afterMs ?? defaultAfterMs)
    const timer = setTimeout(() => task.becomeTask(), wait)
    if (wait === 0) task.becomeTask()
    return task.outcome().finally(() => clearTimeout(timer))
  }

  /** The client's own task, as it is now. */
  of(client: Client, id: unknown): TaskRecord | undefined {
    return typeof id === 'string' ? this.parts.tasks.of(client.id, id) : undefined
  }

  listOf = (client: Client): readonly TaskRecord[] => this.parts.tasks.listOf(client.id)

  /** For the person. */
  find = (id: string): TaskRecord | undefined => this.parts.tasks.find(id)
  list = (limit: number): readonly TaskRecord[] => this.parts.tasks.list(limit)

  page = (after: number, limit: number) => this.parts.tasks.page(after, limit)
  blank = (record: TaskRecord, said: string): boolean => this.parts.tasks.blank(record, said)

  asked = (record: TaskRecord): InputRequests => this.#running.get(record.id)?.inputs.open ?? {}

  answer(record: TaskRecord, responses: JsonObject): void {
    this.#running.get(record.id)?.inputs.answer(responses)
  }

  /** Told whenever a task is another. @returns the way to stop */
  onChanged = (listener: (record: TaskRecord) => void): (() => void) => this.parts.tasks.onChanged(listener)

  /** @returns the way to stop */
  onAsked(record: TaskRecord, listener: () => void): () => void {
    return this.#running.get(record.id)?.inputs.onAsked(listener) ?? (() => {})
  }

  cancel(record: TaskRecord): void {
    const running = this.#running.get(record.id)
    if (running) running.cancel()
    else this.parts.tasks.finish(record.id, { state: 'cancelled' })
  }

  /** Resolves when the task is over, or the signal aborts. */
  ended(record: TaskRecord, signal: AbortSignal): Promise<void> {
    if (!this.#running.has(record.id) || signal.aborted) return Promise.resolve()
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(record.id) ?? new Set()
      this.#waiting.set(record.id, waiting.add(resolve))
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
  }

  /** Whether a session's process is needed by a call whose client may be gone for a while. */
  holds = (session: SessionId): boolean => [...this.#running.values()].some(({ sessionId }) => sessionId === session)

  /** The session is over: its calls end with it. */
  endSession(session: SessionId): void {
    for (const task of [...this.#running.values()]) if (task.sessionId === session) task.cancel()
  }

  #keepAlive(): void {
    for (const session of new Set([...this.#running.values()].map(({ sessionId }) => sessionId)))
      this.parts.keepAlive?.(session)
  }

  #resume(record: TaskRecord): void {
    try {
      const client = { id: record.clientId, name: record.client }
      const task = this.#task(this.#receivedAgain(record), client, 'extension', undefined, record)
      task.answer().catch(() => {}) // kept in the record
    } catch (error) {
      this.parts.onError(error)
      this.#end(record, cutOff)
    }
  }

  #receivedAgain(record: TaskRecord): Received {
    const { call, door } = record.content
    if (!call) throw new Error('nothing is known of the call')
    const { protocol, capabilities, ...asked } = call
    return {
      callId: newId('call'),
      receivedAt: Date.now() as EpochMs,
      startedMs: performance.now(),
      door,
      credential: { clientId: record.clientId, sessionId: this.parts.sessionFor(record) },
      method: 'tools/call',
      ...asked,
      peer: { protocol, capabilities, progress: () => {}, request: unreachable, notify: () => {} },
      signal: new AbortController().signal,
      trail: { note: () => {}, onEnd: () => {}, lap: () => {} }, // replaced by the task's own
    }
  }

  #task(
    received: Received,
    client: Pick<Client, 'id' | 'name'>,
    generation: Generation,
    ttlMs: number | undefined,
    again?: TaskRecord,
  ): RunningTask {
    const { tasks, handle, onError, credentialOf } = this.parts
    const parts = {
      tasks,
      ...(credentialOf ? { credentialOf } : {}),
      client,
      generation,
      onError,
      ...(ttlMs === undefined ? {} : { ttlMs }),
      onTask: (id: string, running: RunningTask) => void this.#running.set(id, running),
      handle: (call: Received) => handle(call),
      onOver: (id: string) => this.#over(id),
    }
    return new RunningTask(received, parts, again)
  }

  #over(id: string): void {
    this.#running.delete(id)
    for (const tell of this.#waiting.get(id) ?? []) tell()
    this.#waiting.delete(id)
  }

  #end(record: TaskRecord, message: string): void {
    const error = { code: refusedCode, message, data: { 'gatehouse/code': 'server.crashed' } }
    this.parts.tasks.finish(record.id, { state: 'failed', error, statusMessage: message })
  }
}

const unreachable = () => Promise.reject(new Error('the client polls'))
export const declares = (capabilities: JsonObject): boolean =>
  (capabilities.extensions as JsonObject | undefined)?.[tasksExtension] !== undefined
