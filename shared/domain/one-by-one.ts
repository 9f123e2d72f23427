/** Work that must not overlap with other work under the same key; under different keys it may. */
export class OneByOne<Key> {
  readonly #last = new Map<Key, Promise<unknown>>()

  /** Begins once all that was asked for before under this key has ended, well or not. Rejects as `work` does. */
  async run<T>(key: Key, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(key) ?? Promise.resolve()).then(work, work)
    this.#last.set(key, turn)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key)
    }
  }
}
