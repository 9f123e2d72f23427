import type { ServerResponse } from 'node:http'
import type { Client } from '../../shared/domain/call.ts'
import type { ClientId } from '../../shared/domain/ids.ts'

/** Bytes of answers one client may leave unread on all its connections before it is refused another. */
const mostUnreadBytes = 32 * 1024 * 1024
/** Smaller answers are not counted: hundreds of them are as much as one. */
const countedFromBytes = 64 * 1024

/** Answers over HTTP that were given and not read yet. A client that reads them may go on. */
export class UnreadAnswers {
  readonly #of = new Map<ClientId, Set<ServerResponse>>()

  /** An answer of this size, or one of unknown size, is on its way. */
  given({ id }: Client, response: ServerResponse, bytes = Number.POSITIVE_INFINITY): void {
    if (bytes < countedFromBytes || response.closed) return
    const open = this.#of.get(id) ?? new Set()
    this.#of.set(id, open.add(response))
    response.once('close', () => {
      open.delete(response)
      if (open.size === 0 && this.#of.get(id) === open) this.#of.delete(id)
    })
  }

  isTooMuch({ id }: Client): boolean {
    const open = this.#of.get(id)
    if (open === undefined) return false
    let unread = 0
    for (const { writableLength } of open) unread += writableLength
    return unread > mostUnreadBytes
  }
}
