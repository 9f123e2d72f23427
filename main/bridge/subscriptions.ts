import type { RequestId } from '../../shared/wire/framing.ts'
import type { Glance } from './glance.ts'

type Members = { readonly [member: string]: unknown }

interface Kept {
  readonly line: Buffer
  /** What the app agreed to tell of. */
  granted: Members | undefined
  /** The app is another than the one that agreed. */
  again: boolean
}

/** What follows when a restarted app agreed to an old subscription. */
export interface GoesOn {
  /** For the client: messages without their `jsonrpc`. */
  readonly tell: readonly object[]
  /** The subscription is over: the app has to be told. */
  readonly withdrawn?: RequestId
}

const longestBytes = 64 * 1024
const mostKept = 100
const subscriptionIdKey = 'io.modelcontextprotocol/subscriptionId'
export const acknowledged = 'notifications/subscriptions/acknowledged'
const changes = {
  toolsListChanged: 'notifications/tools/list_changed',
  promptsListChanged: 'notifications/prompts/list_changed',
  resourcesListChanged: 'notifications/resources/list_changed',
} as const

/**
 * What a client from 2026-07-28 listens to. Such a request stays open for as long as the client wants, over a restart of
 * the app too: it is made again under its own id, and whatever may have changed meanwhile counts as changed once. A restarted
 * app that agrees to less ends it, as a server that stops would: the client then listens anew and hears what it gets.
 */
export class Subscriptions {
  readonly #kept = new Map<RequestId, Kept>()

  /** @returns whether it is a subscription, and kept */
  keeps({ kind, id, method }: Glance, line: Buffer): boolean {
    if (kind !== 'request' || method !== 'subscriptions/listen' || id === undefined) return false
    if (line.length > longestBytes || this.#kept.size >= mostKept) return false
    this.#kept.set(id, { line: Buffer.from(line), granted: undefined, again: false })
    return true
  }

  /** The client withdrew it, or the app ended or refused it. */
  end(id: RequestId): void {
    this.#kept.delete(id)
  }

  /** The app is gone. */
  interrupted(): void {
    for (const kept of this.#kept.values()) kept.again = kept.granted !== undefined
  }

  /** What a restarted app has to hear again. */
  lines = (): readonly Buffer[] => [...this.#kept.values()].map(({ line }) => line)

  /** @returns undefined when the client has to hear it itself */
  acknowledged(line: Buffer): GoesOn | undefined {
    const { params } = JSON.parse(line.toString('utf8')) as { params?: Members }
    const id = membersOf(params?._meta)[subscriptionIdKey] as RequestId | undefined
    const kept = id === undefined ? undefined : this.#kept.get(id)
    if (id === undefined || kept === undefined) return undefined
    const before = kept.again ? kept.granted : undefined
    kept.granted = membersOf(params?.notifications)
    kept.again = false
    if (before === undefined) return undefined
    if (covers(kept.granted, before)) return { tell: changed(kept.granted, id) }
    this.#kept.delete(id)
    return { tell: [{ id, result: { resultType: 'complete', _meta: { [subscriptionIdKey]: id } } }], withdrawn: id }
  }
}

const covers = (granted: Members, before: Members): boolean =>
  Object.entries(before).every(([member, value]) => {
    const now = granted[member]
    return Array.isArray(value)
      ? Array.isArray(now) && value.every((one) => now.includes(one))
      : !value || now === value
  })

/** States of tasks come with the acknowledgement by themselves. */
function changed(granted: Members, id: RequestId): object[] {
  const _meta = { [subscriptionIdKey]: id }
  const uris = granted.resourceSubscriptions
  return [
    ...Object.entries(changes).flatMap(([member, method]) =>
      granted[member] === true ? [{ method, params: { _meta } }] : [],
    ),
    ...(Array.isArray(uris) ? uris : []).map((uri) => ({
      method: 'notifications/resources/updated',
      params: { uri, _meta },
    })),
  ]
}

const membersOf = (value: unknown): Members => (typeof value === 'object' && value !== null ? (value as Members) : {})
