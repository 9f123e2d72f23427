import type { RequestId } from '../../shared/wire/framing.ts'
import type { Glance } from './glance.ts'
import { type Repeated, StandingWishes } from './standing-wishes.ts'
import { Subscriptions } from './subscriptions.ts'

/** The id of an `initialize` the bridge repeats to a restarted app; its answer is not for the client. */
export const replayedId = 'gatehouse-bridge-replay'

/**
 * What the bridge remembers of a conversation, so that a restarted app can be told it again: which requests are open, what is listened to
 * or wished for once, and how the client introduced itself. No contents but the introduction and these.
 */
export class Conversation {
  readonly subscriptions = new Subscriptions()
  readonly wishes = new StandingWishes()
  readonly #open = new Set<RequestId>()
  readonly #asked = new Set<RequestId>()
  #introduction: Buffer | undefined
  #introducing: { readonly id: RequestId; readonly line: Buffer } | undefined
  #initialized: Buffer | undefined

  get isOpen(): boolean {
    return this.#open.size > 0
  }

  /** The client's message is on its way to the app. */
  sent(glance: Glance, line: Buffer): void {
    const { kind, id, method } = glance
    if (kind === 'request' && id !== undefined && !this.subscriptions.keeps(glance, line)) this.#open.add(id)
    if (kind === 'response' && id !== undefined) this.#asked.delete(id)
    this.wishes.sent(glance, line)
    if (kind === 'request' && method === 'initialize' && id !== undefined)
      this.#introducing = { id, line: Buffer.from(line) }
    this.withdrawn(glance, line)
    if (kind === 'notification' && method === 'notifications/initialized') this.#initialized = Buffer.from(line)
  }

  /** A cancelled request is never answered, so nobody waits for it. @returns its id, when the message cancels one */
  withdrawn({ kind, method }: Glance, line: Buffer): RequestId | undefined {
    if (kind !== 'notification' || method !== 'notifications/cancelled') return undefined
    const { params } = JSON.parse(line.toString('utf8')) as { params?: { requestId?: RequestId } | null }
    const id = params?.requestId
    if (id === undefined) return undefined
    this.#open.delete(id)
    this.subscriptions.end(id)
    this.wishes.end(id)
    return id
  }

  /** The app's message has arrived. @returns whether it is for the client, or what answers the bridge's own wish */
  arrived({ kind, id }: Glance, line: Buffer): boolean | Repeated {
    if (kind === 'request' && id !== undefined) this.#asked.add(id)
    if (kind !== 'response' || id === undefined) return true
    this.#open.delete(id)
    this.subscriptions.end(id)
    if (this.#introducing?.id === id) {
      this.#introduction = this.#introducing.line
      this.#introducing = undefined
    }
    return this.wishes.answered(id, line) ?? id !== replayedId
  }

  /** The app is gone: the requests it will never answer, and its own that need no answer any more. */
  interrupted(): { readonly unanswered: readonly RequestId[]; readonly moot: readonly RequestId[] } {
    const unanswered = [...this.#open].filter((id) => id !== replayedId)
    const moot = [...this.#asked]
    this.#open.clear()
    this.#asked.clear()
    this.#introducing = undefined
    this.subscriptions.interrupted()
    this.wishes.interrupted()
    return { unanswered, moot }
  }

  /** What a restarted app has to hear first: the client's `initialize` under the bridge's own id, then `initialized`. */
  introduction(): { readonly initialize: string; readonly initialized: string | undefined } | undefined {
    if (!this.#introduction) return undefined
    const request = JSON.parse(this.#introduction.toString('utf8')) as object
    return {
      initialize: JSON.stringify({ ...request, id: replayedId }),
      initialized: this.#initialized?.toString('utf8'),
    }
  }
}
