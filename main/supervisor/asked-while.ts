import type { Equipped } from '../kernel/exchange.ts'

/**
 * A call's deadline does not end it while somebody thinks about a question its server asked; from the answer on the
 * server has that long again.
 */
export class AskedWhile {
  readonly #open = new Map<Equipped, { questions: number; readonly ends: (() => void)[] }>()

  async during<T>(call: Equipped, answer: Promise<T>): Promise<T> {
    const asked = this.#open.get(call) ?? { questions: 0, ends: [] }
    this.#open.set(call, asked)
    asked.questions++
    try {
      return await answer
    } finally {
      asked.questions--
      if (asked.questions === 0) {
        this.#open.delete(call)
        for (const end of asked.ends) setTimeout(end, call.deadlineMs).unref()
      }
    }
  }

  /**
   * @param end ends the call; does nothing once it is over
   * @returns whether it is kept for later
   */
  postpones(call: Equipped, end: () => void): boolean {
    const asked = this.#open.get(call)
    if (asked === undefined || call.signal.aborted) return false
    asked.ends.push(end)
    return true
  }
}
