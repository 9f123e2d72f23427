/** A connection as far as its client reads it. */
export interface Reader {
  readonly unreadBytes: number
  /** Of the client, for the record. */
  readonly client: string
  cutOff(): void
}

export interface UnreadBounds {
  /** Bytes one connection may leave unread before the next message: three messages of the largest size. */
  readonly ownBytes: number
  /** Bytes all connections may leave unread together. */
  readonly allBytes: number
}

const usual: UnreadBounds = { ownBytes: 32 * 1024 * 1024, allBytes: 128 * 1024 * 1024 }
/** Whoever reads is behind by less. */
const countedFromBytes = 64 * 1024

/**
 * What clients leave unread, over all their connections: a client that asks and does not read takes memory from everybody.
 * A connection with too much is cut off before the next message to it; when there is too much of all, the one furthest
 * behind is.
 */
export class Unread {
  readonly #behind = new Set<Reader>()

  /** @param tell told of each client that is cut off or refused */
  constructor(
    private readonly tell: (client: string) => void = () => {},
    private readonly bounds: UnreadBounds = usual,
  ) {}

  /** @returns whether one more message may go to it; else it is cut off */
  mayTell(reader: Reader): boolean {
    const own = reader.unreadBytes
    if (own < countedFromBytes) {
      if (this.#behind.size > 0) this.#behind.delete(reader)
      return true
    }
    this.#behind.add(reader)
    if (own > this.bounds.ownBytes) return this.#cut(reader, reader)
    const furthest = this.#furthestOfTooMuch()
    return furthest === undefined || this.#cut(furthest, reader)
  }

  /** A client was refused an answer for what it left unread elsewhere. */
  refused(client: string): void {
    this.tell(client)
  }

  /** Its connection is closed. */
  left(reader: Reader): void {
    this.#behind.delete(reader)
  }

  #furthestOfTooMuch(): Reader | undefined {
    let all = 0
    let furthest: Reader | undefined
    for (const reader of this.#behind) {
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
