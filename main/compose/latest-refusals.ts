import type { Reply } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { sentence } from '../../shared/messages/messages.ts'
import type { Received } from '../kernel/exchange.ts'

export interface Refusal {
  /** As the client wrote it. */
  readonly target: string
  /** The sentence the model was told. */
  readonly sentence: string
  readonly atMs: number
}

/** Asking why is no attempt: it does not stand in the way of the answer. */
const asking = 'gatehouse__explain_refusal'
const mostSessions = 1000

/** Each session's latest refused call, for `gatehouse__explain_refusal`: its own, never another session's. */
export class LatestRefusals {
  readonly #latest = new Map<SessionId, Refusal>()

  constructor(private readonly now: () => number = Date.now) {}

  /** @returns a handler that does the same and remembers what it refuses */
  remembering(handle: (received: Received) => Promise<Reply>): (received: Received) => Promise<Reply> {
    return async (received) => {
      try {
        return await handle(received)
      } catch (error) {
        if (error instanceof GatehouseError && received.target !== asking) this.#note(received, error)
        throw error
      }
    }
  }

  of = (session: SessionId): Refusal | undefined => this.#latest.get(session)
  forget = (session: SessionId): void => void this.#latest.delete(session)

  #note({ credential, target }: Received, error: GatehouseError): void {
    this.#latest.delete(credential.sessionId)
    const oldest = this.#latest.keys().next()
    if (this.#latest.size >= mostSessions && !oldest.done) this.#latest.delete(oldest.value)
    const refusal = { target: target.slice(0, 200), sentence: sentence(error, 'model'), atMs: this.now() }
    this.#latest.set(credential.sessionId, refusal)
  }
}
