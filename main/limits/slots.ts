import { callWithdrawn, GatehouseError, serverBusy } from '../../shared/errors.ts'

interface Waiting {
  readonly admit: () => void
}

/**
 * So many calls at once; the others wait their turn, first come, first served, and may be cancelled while they wait.
 * A slot is handed over and not freed in between, so nobody overtakes.
 */
export class Slots {
  #taken = 0
  /** In order of arrival; leaving is O(1). */
  readonly #queue = new Set<Waiting>()

  constructor(
    private readonly owner: string,
    private readonly settings: () => { readonly concurrency: number; readonly queue: number },
  ) {}

  get taken(): number {
    return this.#taken
  }
  get waiting(): number {
    return this.#queue.size
  }

  /** @returns true when a slot was free and is now taken */
  tryTake(): boolean {
    if (this.#taken >= this.settings().concurrency) return false
    this.#taken += 1
    return true
  }

  /**
   * Takes a slot as soon as it is this call's turn.
   * @throws limits.busy when too many wait already; call.withdrawn when it is cancelled meanwhile, or the GatehouseError
   *   the signal was aborted with
   */
  take(entry: string, signal: AbortSignal): Promise<void> {
    if (this.#queue.size >= this.settings().queue) return Promise.reject(serverBusy(this.owner))
    return new Promise((resolve, reject) => {
      const waiting: Waiting = {
        admit: () => {
          signal.removeEventListener('abort', cancelled)
          resolve()
        },
      }
      const cancelled = () => {
        this.#queue.delete(waiting)
        reject(signal.reason instanceof GatehouseError ? signal.reason : callWithdrawn(entry))
      }
      if (signal.aborted) return cancelled()
      signal.addEventListener('abort', cancelled, { once: true })
      this.#queue.add(waiting)
    })
  }

  /** Gives the slot to who waited longest, or frees it. */
  release(): void {
    const [next] = this.#queue
    if (next === undefined || this.#taken > this.settings().concurrency) {
      this.#taken -= 1
      return
    }
    this.#queue.delete(next)
    next.admit()
  }
}
