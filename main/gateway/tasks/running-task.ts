import { ProtocolError, ProtocolErrorCode } from '@modelcontextprotocol/server'
import type { ClientPeer, Reply, TrailFacts } from '../../../shared/domain/call.ts'
import { type ClientId, newId, type SessionId, type TaskId } from '../../../shared/domain/ids.ts'
import type { JsonObject } from '../../../shared/domain/json.ts'
import { callWithdrawn, GatehouseError } from '../../../shared/errors.ts'
import { sentence } from '../../../shared/messages/messages.ts'
import type { Received } from '../../kernel/exchange.ts'
import type { TaskRecord } from '../../tasks/task.ts'
import type { Tasks } from '../../tasks/tasks.ts'
import { answeredByRequests, isInputRequired } from '../input-rounds.ts'
import { refused, refusedCode, unwrapped } from '../protocol-errors.ts'
import { AskedInputs } from './asked-inputs.ts'
import { created, type Generation } from './task-shapes.ts'
import { TaskTrail } from './task-trail.ts'

export interface RunningParts {
  readonly tasks: Tasks
  /** The kernel. */
  readonly handle: (received: Received) => Promise<Reply>
  readonly client: { readonly id: ClientId; readonly name: string }
  readonly generation: Generation
  /** Milliseconds the client wants it kept. */
  readonly ttlMs?: number
  readonly onTask: (id: TaskId, running: RunningTask) => void
  /** What the caller of a session proved who it is with. */
  readonly credentialOf?: (session: SessionId) => string | undefined
  /** Nothing more comes of it. */
  readonly onOver: (id: TaskId) => void
  readonly onError: (error: unknown) => void
}

/** Milliseconds between two writings of what a server says, and how much of it is kept: it may say a lot. */
const sayMs = 1_000
const longestMessage = 1_000

/** A timer cannot be set for longer. */
const longestTimerMs = 2 ** 31 - 1

const waitsForUser = 'Waiting for the user to allow this in Gatehouse.'
const perhapsDone = 'It may or may not have had an effect; look before it is tried again.'

/**
 * One call that may become a task: the same call on the same road, followed by polling once its client was told so.
 * Until then its client waits and hears everything as of any other call.
 */
export class RunningTask {
  readonly inputs = new AskedInputs(() => this.#announce())
  readonly #controller = new AbortController()
  readonly #received: Received
  readonly #createdResult: Promise<JsonObject>
  #create: (result: JsonObject) => void = () => {}
  #record: TaskRecord | undefined
  #phase: 'held' | 'sent' = 'held'
  #serverTask: string | undefined
  #message: string | undefined
  #saying: NodeJS.Timeout | undefined
  #expiry: NodeJS.Timeout | undefined
  #asking = 0
  #due = false
  #over = false

  constructor(
    received: Received,
    private readonly parts: RunningParts,
    again?: TaskRecord,
  ) {
    this.#createdResult = new Promise((resolve) => {
      this.#create = resolve
    })
    this.#record = again
    this.#phase = again?.phase === 'sent' ? 'sent' : 'held'
    this.#serverTask = again?.content.serverTask
    if (again) this.#begin(again)
    const deadlineMs = again ? Math.max(1, again.expiresAt - Date.now()) : parts.tasks.keptMs
    const resumes = this.#phase === 'sent' ? this.#serverTask : undefined
    this.#received = {
      ...received,
      ...withoutTask(received.extra),
      signal: this.#controller.signal,
      peer: this.#peer(received.peer),
      trail: this.#trail(),
      unhurried: { deadlineMs, ...(resumes === undefined ? {} : { resumes }) },
    }
    if (!again) this.#followClient(received.signal)
  }

  get sessionId() {
    return this.#received.credential.sessionId
  }

  /** @returns the call's answer, or the task it became; the task is on disk then. @throws ProtocolError */
  async outcome(): Promise<JsonObject> {
    const answer = this.answer()
    answer.catch(() => {}) // it is awaited below, unless the task was first
    return Promise.race([answer, this.#createdResult])
  }

  /** The call itself, to its end. @throws ProtocolError */
  async answer(): Promise<JsonObject> {
    try {
      const result = await this.#call()
      this.#finish({ state: 'completed', result })
      return result
    } catch (error) {
      this.#fail(error)
      throw error
    } finally {
      this.#over = true
      clearTimeout(this.#saying)
      clearTimeout(this.#expiry)
      if (this.#record) this.parts.onOver(this.#record.id)
    }
  }

  /** From here on the client polls. Postponed while the client is answering a question; not done where there is no room. */
  becomeTask(): void {
    this.#due = true
    if (this.#record || this.#over || this.#asking > 0) return
    const { tasks, client, generation, ttlMs } = this.parts
    if (!tasks.hasRoom(client.id)) return
    try {
      this.#record = tasks.create({
        clientId: client.id,
        client: client.name,
        entry: this.#received.target,
        state: 'working',
        phase: this.#phase,
        content: { ...this.#where(), ...this.#kept(), ...this.#told() },
        ...(ttlMs === undefined ? {} : { ttlMs }),
      })
      this.#begin(this.#record)
      this.#create(created(this.#record, generation))
    } catch (error) {
      this.parts.onError(error)
    }
  }

  /** The client, the person or the session's end withdraws it. The first ending stands. */
  cancel(): void {
    const statusMessage = this.#phase === 'sent' ? `Cancelled. ${perhapsDone}` : 'Cancelled. Nothing was done.'
    this.#finish({ state: 'cancelled', statusMessage })
    this.#controller.abort(callWithdrawn(this.#received.target))
  }

  /** Its call ends with its time: nobody could hear of it then. */
  #begin({ id, expiresAt }: TaskRecord): void {
    this.#expiry = setTimeout(() => this.cancel(), Math.min(expiresAt - Date.now(), longestTimerMs)).unref()
    this.parts.onTask(id, this)
  }

  #followClient(signal: AbortSignal): void {
    const leave = () => {
      if (!this.#record) this.#controller.abort(signal.reason)
    }
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  }

  async #call(): Promise<JsonObject> {
    const { method, target, peer } = this.#received
    try {
      let reply = await this.parts.handle(this.#received)
      if (reply.kind === 'result' && isInputRequired(reply.result) && (this.#record || peer.protocol < '2026'))
        reply = await answeredByRequests(reply.result, this.#received.peer, this.#controller.signal, (extra) =>
          this.parts.handle({
            ...this.#received,
            callId: newId('call'),
            trail: this.#trail(),
            extra: { ...this.#received.extra, ...extra },
          }),
        )
      return unwrapped(reply, method, target, peer.protocol)
    } catch (error) {
      if (error instanceof ProtocolError || this.#mustNotBeAnswered(error)) throw error
      return refused(error, method, target, peer.protocol)
    }
  }

  /** What ends a task as “failed”, or leaves it for the next start. */
  #mustNotBeAnswered(error: unknown): boolean {
    if (!this.#record || !(error instanceof GatehouseError)) return false
    return error.code === 'server.crashed' || isOfStopping(error)
  }

  #fail(error: unknown): void {
    if (error instanceof GatehouseError && isOfStopping(error)) return // goes on after the next start
    if (error instanceof GatehouseError) {
      const message = `${sentence(error, 'model')} ${perhapsDone}`
      const failed = { code: refusedCode, message, data: { 'gatehouse/code': error.code } }
      this.#finish({ state: 'failed', error: failed, statusMessage: message })
      return
    }
    const { code, message, data } = error as Partial<ProtocolError>
    const failed = { code: code ?? ProtocolErrorCode.InternalError, message: message ?? 'Internal error' }
    const more = data === undefined ? {} : { data: data as JsonObject }
    this.#finish({ state: 'failed', error: { ...failed, ...more }, statusMessage: failed.message })
  }

  #finish(ending: Parameters<Tasks['finish']>[1]): void {
    if (!this.#record) return
    try {
      this.parts.tasks.finish(this.#record.id, ending)
    } catch (error) {
      this.parts.onError(error)
    }
  }

  #trail(): TaskTrail {
    return new TaskTrail((stage) => this.#atStage(stage))
  }

  #atStage(stage: NonNullable<TrailFacts['stage']>): void {
    this.#message = stage === 'waiting' ? waitsForUser : undefined
    if (stage === 'running') this.#phase = 'sent'
    if (this.#record) this.parts.tasks.change(this.#record.id, { phase: this.#phase }, this.#told())
  }

  #peer(client: ClientPeer): ClientPeer {
    return {
      protocol: client.protocol,
      capabilities: client.capabilities,
      progress: (progress) => {
        if (!this.#record) client.progress(progress)
        else if (progress.message !== undefined) this.#say(progress.message)
      },
      notify: (method, params) => {
        if (!this.#record) client.notify(method, params)
      },
      request: (method, params, signal) => this.#ask(client, method, params, signal),
      atWork: (serverTask, statusMessage) => {
        const isNew = this.#serverTask !== serverTask
        this.#serverTask = serverTask
        this.#say(statusMessage)
        if (!this.#record) this.becomeTask()
        else if (isNew) this.parts.tasks.change(this.#record.id, {}, this.#told())
      },
    }
  }

  /** From 2026-07-28 a running request cannot ask its client: the task does. */
  async #ask(client: ClientPeer, method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (!this.#record && client.protocol >= '2026') this.becomeTask()
    const either = AbortSignal.any([signal, this.#controller.signal])
    if (this.#record) return this.inputs.ask(method, params, either)
    this.#asking++
    try {
      return await client.request(method, params, signal)
    } finally {
      this.#asking--
      if (this.#due) this.becomeTask()
    }
  }

  /** The whole task is written with it, so not for every word. */
  #say(given: string | undefined): void {
    const message = given?.slice(0, longestMessage)
    if (message === this.#message) return
    this.#message = message
    if (this.#record) this.#saying ??= setTimeout(() => this.#writeSaid(), sayMs).unref()
  }

  #writeSaid(): void {
    this.#saying = undefined
    try {
      if (this.#record && !this.#over) this.parts.tasks.change(this.#record.id, {}, this.#told())
    } catch (error) {
      this.parts.onError(error)
    }
  }

  #announce(): void {
    if (!this.#record || this.#over) return
    const state = Object.keys(this.inputs.open).length > 0 ? 'input_required' : 'working'
    this.parts.tasks.change(this.#record.id, { state })
  }

  #where() {
    const { sessionId } = this.#received.credential
    const credential = this.parts.credentialOf?.(sessionId)
    return { sessionId, door: this.#received.door, ...(credential === undefined ? {} : { credential }) }
  }

  #told() {
    return {
      statusMessage: this.#message,
      ...(this.#serverTask === undefined ? {} : { serverTask: this.#serverTask }),
    } as { readonly statusMessage: string; readonly serverTask?: string } // undefined takes an earlier message away
  }

  #kept() {
    const { target, view, arguments: args, meta, extra, peer } = this.#received
    const { protocol, capabilities } = peer
    const call = { target, arguments: args as JsonObject, protocol, capabilities }
    return { call: { ...call, ...(view && { view }), ...(meta && { meta }), ...(extra && { extra }) } }
  }
}

/** The wish of a 2025-11-25 client for a task is for Gatehouse; a server is asked anew. */
function withoutTask(extra: JsonObject | undefined): { extra?: JsonObject } {
  const { task: _, ...others } = extra ?? {}
  return Object.keys(others).length > 0 ? { extra: others } : { extra: undefined as unknown as JsonObject }
}

const isOfStopping = ({ code }: GatehouseError): boolean => code === 'app.stopping' || code === 'app.draining'
