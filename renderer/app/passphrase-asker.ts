/** Holds the open request for the operator passphrase; the dialog answers it. Several calls at once share one dialog. */
export class PassphraseAsker {
  #open: { promise: Promise<boolean>; answer: (confirmed: boolean) => void } | undefined
  readonly #listeners = new Set<() => void>()

  /** @returns whether the passphrase was accepted; false when the person closed the dialog */
  readonly ask = (): Promise<boolean> => {
    if (!this.#open) {
      const { promise, resolve } = Promise.withResolvers<boolean>()
      this.#open = { promise, answer: resolve }
      this.#tell()
    }
    return this.#open.promise
  }

  readonly answer = (confirmed: boolean): void => {
    const open = this.#open
    this.#open = undefined
    this.#tell()
    open?.answer(confirmed)
  }

  readonly isOpen = (): boolean => this.#open !== undefined

  readonly listen = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #tell(): void {
    for (const listener of this.#listeners) listener()
  }
}
