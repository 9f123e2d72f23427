import { askable } from '../../shared/domain/askable.ts'
import type { Answering, Reply } from '../../shared/domain/call.ts'
import type { CallId, SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import { isFace } from '../../shared/domain/server.ts'
import { GatehouseError, serverFull } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { Equipped } from '../kernel/exchange.ts'
import type { AnsweredBy } from '../kernel/server-asks.ts'
import { AskedByResult, withoutQuestions } from './asked-by-result.ts'
import { AskedWhile } from './asked-while.ts'
import { canAnswer, carriedCapabilities } from './carried-capabilities.ts'
import type { Connection, Progress } from './connection.ts'
import { RpcRefusal } from './connection.ts'
import { envelope, type Greeting, type Introduction, isModern } from './handshake.ts'
import { HeldCalls } from './held-calls.ts'
import { levelFor, ServerLevel } from './log-levels.ts'
import { callHeaders } from './remote/mcp-headers.ts'
import { requestParams } from './request-params.ts'
import { followServerTask, resumeServerTask, serverTaskOf, type TaskRoad, wishForTask } from './server-task.ts'
import { Subscriptions } from './subscriptions.ts'
import { type ToClient, Told } from './to-client.ts'

/** One running server: sends calls, and carries back what it asks of, and tells, the clients whose calls run. */
export class LiveServer {
  readonly #running = new Map<CallId, Equipped>()
  readonly #subscriptions: Subscriptions
  readonly #held = new HeldCalls((call, end) => this.#asked.postpones(call, end))
  /** Calls this server made a task of: their questions are the task's. */
  readonly #followed = new WeakSet<object>()
  readonly #level: ServerLevel
  readonly #byResult: AskedByResult
  readonly #asked = new AskedWhile()
  readonly #told: Told
  #last: Caller | undefined
  /** Monotonic. */
  lastUsedMs = performance.now()

  constructor(
    readonly pid: number,
    readonly greeting: Greeting,
    private readonly connection: Connection,
    private readonly clientInfo: Introduction,
    private readonly owned: 'one session' | 'everyone',
    private readonly toClient: ToClient,
    readonly stop: () => Promise<void>,
  ) {
    this.#told = new Told(toClient.told)
    this.#byResult = new AskedByResult(toClient)
    this.#level = new ServerLevel(owned === 'everyone')
    const outer = greeting.era === 'modern' ? envelope(clientInfo, {}) : undefined
    this.#subscriptions = new Subscriptions(connection, outer)
  }

  get busy(): boolean {
    return this.#running.size > 0 || this.#subscriptions.size > 0 || this.#held.size > 0
  }

  /** @throws ServerGone when the process ends first; the aborted signal's reason */
  async exchange(call: Equipped): Promise<Reply> {
    this.#running.set(call.callId, call)
    this.#last = callerOf(call)
    try {
      const { resumes } = call.unhurried ?? {}
      if (resumes !== undefined) return withoutQuestions(await resumeServerTask(call, resumes, this.#taskRoad(call)))
      const reply = await this.#exchange(call)
      const task = call.method === 'tools/call' ? serverTaskOf(reply, this.greeting.era) : undefined
      if (task === undefined) return reply
      this.#followed.add(call)
      return withoutQuestions(await followServerTask(call, task, this.#taskRoad(call)))
    } finally {
      this.#running.delete(call.callId)
      this.lastUsedMs = performance.now()
    }
  }

  /** A call it works on, by its id. */
  running = (id: string): Equipped | undefined => this.#running.get(id as CallId)

  /** A request of Gatehouse's own, such as a list. */
  ask(method: string, params: JsonObject, signals: readonly AbortSignal[]): Promise<Reply> {
    const full = this.greeting.era === 'modern' ? { ...params, _meta: envelope(this.clientInfo, {}) } : params
    return this.connection.request(method, () => JSON.stringify(full), { signals })
  }

  /** Asks a 2026-07-28 server to say when its lists change; an older one does so unasked. */
  listenForListChanges(): void {
    if (this.greeting.era === 'legacy') return
    const notifications = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true }
    this.ask('subscriptions/listen', { notifications }, []).catch(() => {
      // answered or rejected when the server ends
    })
  }

  /** A notification from a client to the server of its session. */
  tell(method: string, params: JsonObject): void {
    if (this.greeting.era === 'legacy') this.connection.notify(method, params)
  }

  /** Answers what the server asks while a call of its session runs. */
  async answer(method: string, params: JsonObject, signal: AbortSignal): Promise<JsonObject> {
    if (method === 'ping') return {}
    const call = this.owned === 'one session' ? ([...this.#running.values()].at(-1) ?? this.#held.latest) : undefined
    if (!Object.hasOwn(askable, method) || !call) throw unanswered(method)
    const byClient = canAnswer(call.peer, method, params)
    const person = method === 'elicitation/create' && !byClient ? this.toClient.person : undefined
    if (!byClient && !person?.there()) throw unanswered(method, call.client?.name)
    const question = asRefusal(() => this.toClient.asked(call, method, params))
    // its answer comes with the next round, on the road of every call
    const byRound = !person && isModern(call.peer.protocol) && !this.#followed.has(call)
    if (byRound) return this.#held.ask(call, method, question, signal)
    const thinking = person ? person.elicit(question, call, signal) : call.peer.request(method, question, signal)
    const by = person ? 'person' : 'client'
    return this.#asked.during(call, this.#judgedAnswer(call, method, thinking, by))
  }

  async #judgedAnswer(
    call: Equipped,
    method: string,
    thinking: Promise<JsonObject>,
    by: AnsweredBy,
  ): Promise<JsonObject> {
    const answer = await thinking
    return this.toClient.answered(call, method, answer, by).catch((error) => {
      throw refusalOf(error)
    })
  }

  /** Passes on what the server says. */
  notified(method: string, given: JsonObject): void {
    if (method === 'notifications/subscriptions/acknowledged') this.#subscriptions.acknowledged(given)
    else if (method === 'notifications/resources/updated') {
      if (this.#told.mayTell()) this.#subscriptions.updated(given)
    } else if (method === 'notifications/message' || method === 'notifications/elicitation/complete') {
      const listener = this.#listener()
      const params = listener && this.#told.notification(listener, given)
      if (params) listener.peer.notify(method, params)
    }
  }

  /** It ended, or is being ended. */
  over(): void {
    this.#subscriptions.over()
  }

  endSession(session: SessionId): void {
    this.#subscriptions.endSession(session)
  }

  #exchange(call: Equipped): Promise<Reply> {
    const signals = [call.signal, call.deadline]
    if (call.method === 'resources/subscribe')
      return this.#subscriptions.subscribe(call, () => this.#answerTo(call, signals))
    if (call.method === 'resources/unsubscribe')
      return this.#subscriptions.unsubscribe(call, () => this.#answerTo(call, signals))
    const asksBetween = this.owned === 'one session' && isModern(call.peer.protocol)
    if (asksBetween) return this.#held.exchange(call, (signal) => this.#answerTo(call, [signal]))
    if (this.greeting.era === 'legacy') return this.#answerTo(call, signals)
    return this.#byResult.exchange(call, (extra, deadline) =>
      this.#send(extra === call.extra ? call : withExtra(call, extra), [call.signal, deadline]),
    )
  }

  /** From an earlier server: it asks by requests, which are judged as they come. */
  async #answerTo(call: Equipped, signals: readonly AbortSignal[]): Promise<Reply> {
    return withoutQuestions(await this.#send(call, signals))
  }

  #send(call: Equipped, signals: readonly AbortSignal[]): Promise<Reply> {
    if (this.connection.isFull) return Promise.reject(serverFull(call.server.name))
    const wantsProgress = call.meta?.progressToken !== undefined
    const outer = this.greeting.era === 'modern' ? this.#envelope(call) : this.#setLevel(call)
    const checksContent = call.server.origin.kind === 'bundled' && call.server.origin.bundle === 'filesystem'
    const wish = this.greeting.era === 'legacy' ? wishForTask(call, this.greeting.capabilities) : undefined
    const source = {
      ...call,
      checksContent,
      face: isFace(call.server),
      ...(wish ? { extra: { ...call.extra, ...wish } } : {}),
    }
    return this.connection.request(call.method, (id) => requestParams(source, outer, wantsProgress ? id : undefined), {
      signals,
      postpones: (end) => this.#asked.postpones(call, end),
      ...(isRemote(call) ? { headers: callHeaders(call.method, call.entry, call.arguments) } : {}),
      ...(wantsProgress ? { onProgress: (progress: Progress) => this.#tellProgress(call, progress) } : {}),
    })
  }

  #envelope(call: Equipped): JsonObject {
    return {
      ...envelope(this.clientInfo, carriedCapabilities(call.peer, this.toClient.person?.there())),
      ...levelFor(call),
    }
  }

  #setLevel(call: Equipped): undefined {
    const level = this.greeting.capabilities.logging === undefined ? undefined : this.#level.before(call)
    if (level === undefined) return
    this.connection
      .request('logging/setLevel', () => JSON.stringify({ level }))
      .catch(() => {
        // the server ended; the call says so
      })
  }

  /** Requests about a task of this server, made with what its client can do. */
  #taskRoad({ peer }: Equipped): TaskRoad {
    const outer = this.greeting.era === 'modern' ? envelope(this.clientInfo, carriedCapabilities(peer)) : undefined
    return {
      era: this.greeting.era,
      toClient: this.toClient,
      ask: (method, params, signals) =>
        this.connection.request(method, () => JSON.stringify(outer ? { ...params, _meta: outer } : params), {
          signals,
        }),
    }
  }

  #tellProgress(call: Equipped, given: Progress): void {
    const progress = this.#told.progress(call, given)
    if (progress !== undefined) call.peer.progress(progress)
  }

  /** A log line has no address: it goes to the session's client, or to nobody when that can't be told. */
  #listener(): Caller | undefined {
    if (this.owned === 'one session') return this.#last
    const sessions = new Map([...this.#running.values()].map((call) => [call.session.id, call]))
    return sessions.size === 1 ? [...sessions.values()][0] : undefined
  }
}

/** Of a call, what is kept after it: never its arguments. */
type Caller = Answering & Pick<Equipped, 'peer'>
const callerOf = ({ client, session, server, entry, paths, urls, verdict, peer }: Equipped): Caller => {
  return { client, session, server, entry, arguments: {}, paths, urls, verdict, peer }
}

/** @throws RpcRefusal as the server reads it */
function asRefusal<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw refusalOf(error)
  }
}

const refusalOf = (error: unknown): unknown =>
  error instanceof GatehouseError ? new RpcRefusal(-32_603, sentence(error, 'model')) : error

const isRemote = ({ server }: Equipped) => server.origin.kind === 'remote'

const unanswered = (method: string, client?: string) =>
  new RpcRefusal(
    -32_601,
    `${client === undefined ? 'Nobody can' : `“${client}” cannot`} answer ${method} here. Use an app that can, or a tool that does not ask.`,
  )

function withExtra({ extra: _given, ...call }: Equipped, extra: JsonObject | undefined): Equipped {
  return extra === undefined ? call : { ...call, extra }
}
