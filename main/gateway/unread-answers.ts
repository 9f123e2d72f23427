import type { ServerResponse } from 'node:http'
import type { Client } from '../../shared/domain/call.ts'
import type { ClientId } from '../../shared/domain/ids.ts'
import type { Reader, Unread } from './unread.ts'

/** Bytes of answers one client may leave unread on all its connections before it is refused another. */
const mostUnreadBytes = 32 * 1024 * 1024
/** Smaller answers are not counted: hundreds of them are as much as one. */
const countedFromBytes = 64 * 1024

/**
 * Answers over HTTP that were given and not read yet. A client that reads them may go on; one that asked for many at once
 * and reads none of them is cut off like any other that leaves far too much.
 */
export class UnreadAnswers {
  readonly #of = new Map<ClientId, OpenAnswers>()

  constructor(private readonly unread: Unread) {}

  /** An answer of unknown size is on its way. */
  given(client: Client, response: ServerResponse): void {
    if (!response.closed) this.#openOf(client).add(response)
  }

  /** @returns whether an answer of this size may be written; all of this client that wait are closed if not */
  mayGive(client: Client, response: ServerResponse, bytes: number): boolean {
    if (bytes < countedFromBytes || response.closed) return true
    const open = this.#openOf(client)
    open.add(response)
    return this.unread.mayTell(open, bytes)
  }

  isTooMuch({ id }: Client): boolean {
    return (this.#of.get(id)?.unreadBytes ?? 0) > mostUnreadBytes
  }

  #openOf({ id, name }: Client): OpenAnswers {
    const known = this.#of.get(id)
    if (known) return known
    const open = new OpenAnswers(name, () => {
      this.unread.left(open)
      if (this.#of.get(id) === open) this.#of.delete(id)
    })
    this.#of.set(id, open)
    return open
  }
}

/** Of one client, over all its connections. */
class OpenAnswers implements Reader {
  readonly #responses = new Set<ServerResponse>()

  constructor(
    readonly client: string,
    private readonly onNone: () => void,
  ) {}

  add(response: ServerResponse): void {
    this.#responses.add(response)
    response.once('close', () => {
      this.#responses.delete(response)
      if (this.#responses.size === 0) this.onNone()
    })
  }

  get unreadBytes(): number {
    let unread = 0
    for (const { writableLength } of this.#responses) unread += writableLength
    return unread
  }

  cutOff(): void {
    for (const response of [...this.#responses]) response.destroy()
  }
}
