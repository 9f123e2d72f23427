import type { Reply } from '../../shared/domain/call.ts'
import type { Received } from '../kernel/exchange.ts'

type Handle = (received: Received) => Promise<Reply>

/** The way to the kernel while the app stops: calls that run may end, new ones are refused. */
export class Draining {
  #begun = false
  #running = 0
  readonly #calm = Promise.withResolvers<void>()

  /** @returns the same way, which turns into `refuse` once draining began */
  guarding(handle: Handle, refuse: Handle): Handle {
    return async (received) => {
      if (this.#begun) return refuse(received)
      this.#running += 1
      try {
        return await handle(received)
      } finally {
        this.#running -= 1
        this.#tell()
      }
    }
  }

  begin(): void {
    this.#begun = true
    this.#tell()
  }

  /** Resolves once no call runs, at the latest after that many milliseconds. */
  async calm(patienceMs: number): Promise<void> {
    const patience = Promise.withResolvers<void>()
    const timer = setTimeout(patience.resolve, patienceMs)
    await Promise.race([this.#calm.promise, patience.promise])
    clearTimeout(timer)
  }

  #tell(): void {
    if (this.#begun && this.#running === 0) this.#calm.resolve()
  }
}
