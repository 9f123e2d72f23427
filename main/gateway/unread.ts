/** A connection as far as its client reads it. */
export interface Reader {
  readonly unreadBytes: number
  /** Of the client, for the record. */
  readonly client: string
  cutOff(): void
}

export interface UnreadBounds {
  /** Bytes one connection may leave unread and still hear what nobody awaits. */
  readonly newsBytes: number
  /** Bytes one connection may leave unread for as long as it likes. */
  readonly ownBytes: number
  /** Milliseconds with more than that in which it has to read something. */
  readonly patienceMs: number
  /** Bytes one connection may leave unread before the next message, however it reads. */
  readonly mostBytes: number
  /** Bytes all connections may leave unread together. */
  readonly allBytes: number
}

const megabyte = 1024 * 1024
/** What waits counts as read once a whole write of it was, which can be all that waited: hence a minute. */
const usual: UnreadBounds = {
  newsBytes: 2 * megabyte,
  ownBytes: 32 * megabyte,
  patienceMs: 60_000,
  mostBytes: 128 * megabyte,
  allBytes: 256 * megabyte,
}
/** Whoever reads is behind by less. */
const countedFromBytes = 64 * 1024
/** Logs and progress, as the SDK and the call lane write them. */
const news = /^\{(?:"jsonrpc":"2\.0",)?"method":"notifications\/(?:message|progress)"/

interface Behind {
  /** Bytes that wait with the latest message if nothing is read meanwhile. */
  readonly expectedBytes: number
  /** Since when it has too much and reads nothing of it, on the monotonic clock. */
  readonly sinceMs: number
}

/**
 * What clients leave unread, over all their connections: a client that asks and does not read takes memory from everybody.
 * A connection that has much and reads nothing, or far too much, is cut off before the next message to it; when there is
 * too much of all, the one furthest behind is.
 */
export class Unread {
  readonly #behind = new Map<Reader, Behind>()

  /**
   * @param tell told of each client that is cut off or refused
   * @param nowMs monotonic
   */
  constructor(
    private readonly tell: (client: string) => void = () => {},
    private readonly bounds: UnreadBounds = usual,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /**
   * @param bytes of the message, or fewer
   * @returns whether it may go to this connection, which else is cut off
   */
  mayTell(reader: Reader, bytes: number): boolean {
    const own = reader.unreadBytes
    if (own < countedFromBytes) {
      if (this.#behind.size > 0) this.#behind.delete(reader)
      return true
    }
    const sinceMs = this.#stalledSince(reader, own)
    this.#behind.set(reader, { expectedBytes: own + bytes, sinceMs })
    if (own > this.bounds.mostBytes || this.nowMs() - sinceMs >= this.bounds.patienceMs)
      return this.#cut(reader, reader)
    const furthest = this.#furthestOfTooMuch()
    return furthest === undefined || this.#cut(furthest, reader)
  }

  /** @returns whether this message is better left out: nobody awaits it, and its client is behind */
  leavesOut(text: string, reader: Reader): boolean {
    return reader.unreadBytes > this.bounds.newsBytes && news.test(text)
  }

  /** A client was refused an answer for what it left unread elsewhere. */
  refused(client: string): void {
    this.tell(client)
  }

  /** Its connection is closed. */
  left(reader: Reader): void {
    this.#behind.delete(reader)
  }

  #stalledSince(reader: Reader, own: number): number {
    const before = this.#behind.get(reader)
    const stalls = before !== undefined && own > this.bounds.ownBytes && own >= before.expectedBytes
    return stalls ? before.sinceMs : this.nowMs()
  }

  #furthestOfTooMuch(): Reader | undefined {
    let all = 0
    let furthest: Reader | undefined
    for (const reader of this.#behind.keys()) {
      all += reader.unreadBytes
      if (furthest === undefined || reader.unreadBytes > furthest.unreadBytes) furthest = reader
    }
    return all > this.bounds.allBytes ? furthest : undefined
  }

  /** @returns whether `asking` is another */
  #cut(reader: Reader, asking: Reader): boolean {
    this.#behind.delete(reader)
    reader.cutOff()
    this.tell(reader.client)
    return reader !== asking
  }
}
