import { MissingRequiredClientCapabilityError } from '@modelcontextprotocol/server'
import type { Client } from '../../../shared/domain/call.ts'
import type { Json, JsonObject } from '../../../shared/domain/json.ts'
import type { RequestId } from '../../../shared/wire/framing.ts'
import { declares, type TaskDesk } from './task-desk.ts'
import { detailed, objectOf, tasksExtension } from './task-shapes.ts'

/** Tasks one subscription may follow. */
const mostTasks = 1000
/** Subscriptions that were agreed to and are not acknowledged yet. */
const mostAgreed = 1000
const subscriptionIdKey = 'io.modelcontextprotocol/subscriptionId'
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities'

interface Wish {
  readonly id: RequestId
  readonly taskIds: readonly Json[]
  readonly capabilities: JsonObject
}

/** The tasks a `subscriptions/listen` names; undefined when it names none. */
export function taskWishIn(message: object): Wish | undefined {
  const { method, id, params } = message as { method?: unknown; id?: RequestId; params?: JsonObject }
  if (method !== 'subscriptions/listen' || id === undefined) return undefined
  const { taskIds } = objectOf(objectOf(params).notifications)
  if (!Array.isArray(taskIds)) return undefined
  return { id, taskIds, capabilities: objectOf(objectOf(objectOf(params)._meta)[capabilitiesKey]) }
}

/**
 * Tells a client from 2026-07-28 of its own tasks, as they are now and whenever they change: what `tasks/get` would answer.
 * The SDK keeps the subscription, and knows nothing of tasks.
 *
 * @see the tasks extension of 2026-07-28, “Task Status Notifications”
 */
export class TaskListening {
  readonly #agreed = new Map<RequestId, readonly string[]>()
  readonly #stops = new Map<RequestId, () => void>()

  /** @param tell sends one message to the client */
  constructor(
    private readonly client: Client,
    private readonly desk: TaskDesk,
    private readonly tell: (message: JsonObject) => void,
  ) {}

  /**
   * @returns the tasks among those named that are this client's
   * @throws MissingRequiredClientCapabilityError when it did not say that it uses tasks
   */
  agree({ id, taskIds, capabilities }: Wish): readonly string[] {
    if (!declares(capabilities))
      throw new MissingRequiredClientCapabilityError({ requiredCapabilities: { extensions: { [tasksExtension]: {} } } })
    const own = [...new Set(taskIds)]
      .slice(0, mostTasks)
      .flatMap((taskId) => this.desk.of(this.client, taskId)?.id ?? [])
    if (own.length > 0 && this.#agreed.size < mostAgreed) this.#agreed.set(id, own)
    return own
  }

  /**
   * What goes out to the client passes here first: an acknowledgement says which tasks are followed, from then on they are.
   * @returns the message to send, and what is to be done once it is sent
   */
  passing(message: JsonObject): { readonly message: JsonObject; readonly sent: () => void } {
    if (this.#agreed.size === 0) return { message, sent: () => {} }
    if ('id' in message) this.#agreed.delete(message.id as RequestId) // the subscription was refused
    const params = objectOf(message.params)
    const id = objectOf(params._meta)[subscriptionIdKey] as RequestId | undefined
    const taskIds = id === undefined ? undefined : this.#agreed.get(id)
    if (message.method !== 'notifications/subscriptions/acknowledged' || id === undefined || taskIds === undefined)
      return { message, sent: () => {} }
    this.#agreed.delete(id)
    const notifications = { ...objectOf(params.notifications), taskIds }
    return { message: { ...message, params: { ...params, notifications } }, sent: () => this.#begin(id, taskIds) }
  }

  end(id: unknown): void {
    this.#agreed.delete(id as RequestId)
    this.#stops.get(id as RequestId)?.()
    this.#stops.delete(id as RequestId)
  }

  close(): void {
    for (const id of [...this.#agreed.keys(), ...this.#stops.keys()]) this.end(id)
  }

  /** With the present state: what happened before the acknowledgement is not missed. */
  #begin(id: RequestId, taskIds: readonly string[]): void {
    const followed = new Set<string>(taskIds)
    this.end(id)
    const stop = this.desk.onChanged((record) => {
      if (!followed.has(record.id)) return
      if (record.phase === 'over') followed.delete(record.id)
      this.#say(id, detailed(record, this.desk.asked(record)))
    })
    this.#stops.set(id, stop)
    for (const taskId of taskIds) {
      const record = this.desk.of(this.client, taskId)
      if (record) this.#say(id, detailed(record, this.desk.asked(record)))
    }
  }

  #say(id: RequestId, task: JsonObject): void {
    const params = { ...task, _meta: { [subscriptionIdKey]: id } }
    this.tell({ jsonrpc: '2.0', method: 'notifications/tasks', params })
  }
}
