import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'

/** Whoever reads is never behind for longer. */
const longMs = 1000
/** What the app still had on its way when it cut the client off is read by then. */
const recentMs = 2000

/** Whether the client left its answers unread, for which the app cuts it off. */
export class Stalled {
  #sinceMs: number | undefined
  #longUntilMs = Number.NEGATIVE_INFINITY

  /** Nothing more is read from the app until the client read what waits. */
  untilRead(output: Writable, socket: Socket): void {
    this.#sinceMs ??= performance.now()
    socket.pause()
    output.once('drain', () => {
      if (this.#isLong) this.#longUntilMs = performance.now()
      this.#sinceMs = undefined
      socket.resume()
    })
  }

  /** It reads nothing for long, or did not until just now. */
  get isRecent(): boolean {
    return this.#isLong || performance.now() - this.#longUntilMs <= recentMs
  }

  get #isLong(): boolean {
    return this.#sinceMs !== undefined && performance.now() - this.#sinceMs >= longMs
  }
}
