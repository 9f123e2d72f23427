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

  /** A stream is on its way. Who writes it counts it as a connection of its own; here it only keeps its client from asking for more. */
  given(client: Client, response: ServerResponse): void {
    if (!response.closed) this.#openOf(client).addStream(response)
  }

  /** @returns whether an answer of this size may be written; all answers of this client that wait are closed if not */
  mayGive(client: Client, response: ServerResponse, bytes: number): boolean {
    if (bytes < countedFromBytes || response.closed) return true
    const open = this.#openOf(client)
    open.addAnswer(response)
    return this.unread.mayTell(open, bytes)
  }

  isTooMuch({ id }: Client): boolean {
    return (this.#of.get(id)?.allUnreadBytes ?? 0) > mostUnreadBytes
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

/** Of one client, over all its connections: its answers as one reader, and beside them its streams. */
class OpenAnswers implements Reader {
  readonly #answers = new Set<ServerResponse>()
  readonly #streams = new Set<ServerResponse>()

  constructor(
    readonly client: string,
    private readonly onNone: () => void,
  ) {}

  addAnswer(response: ServerResponse): void {
    this.#add(this.#answers, response)
  }

  addStream(response: ServerResponse): void {
    this.#add(this.#streams, response)
  }

  get unreadBytes(): number {
    return waitingIn(this.#answers)
  }

  get allUnreadBytes(): number {
    return waitingIn(this.#answers) + waitingIn(this.#streams)
  }

  cutOff(): void {
    for (const response of [...this.#answers]) response.destroy()
  }

  #add(responses: Set<ServerResponse>, response: ServerResponse): void {
    responses.add(response)
    response.once('close', () => {
      responses.delete(response)
      if (this.#answers.size + this.#streams.size === 0) this.onNone()
    })
  }
}

function waitingIn(responses: ReadonlySet<ServerResponse>): number {
  let bytes = 0
  for (const { writableLength } of responses) bytes += writableLength
  return bytes
}
