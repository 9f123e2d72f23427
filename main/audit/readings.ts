/** Long readings of the journal's files, which must not find an entry elsewhere than where they were told it lies. */
export class Readings {
  #open = 0
  #waiting: (() => void)[] = []

  async during<T>(read: () => Promise<T>): Promise<T> {
    this.#open += 1
    try {
      return await read()
    } finally {
      this.#open -= 1
      if (this.#open === 0) for (const go of this.#waiting.splice(0)) go()
    }
  }

  /** Moves entries at the next moment at which nobody reads. @param move does it without waiting for anything */
  async between<T>(move: () => T): Promise<T> {
    while (this.#open > 0) await new Promise<void>((go) => this.#waiting.push(go))
    return move()
  }
}
