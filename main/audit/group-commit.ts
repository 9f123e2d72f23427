import type { Draft, Journal, Written } from './journal.ts'

interface Waiting {
  readonly draft: Draft
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

/**
 * Entries of calls that end within one turn of the event loop become one write, before any of their answers leaves: a
 * server answers many calls in one piece, and a write costs as much as sealing an entry.
 */
export class GroupCommit {
  #waiting: Waiting[] = []

  /** @param onWritten told of every entry, in order */
  constructor(
    private readonly journal: Pick<Journal, 'appendAll'>,
    private readonly onWritten: (written: Written) => void,
  ) {}

  /** Resolves when a killed process cannot lose the entry. @throws audit.unwritable */
  append(draft: Draft): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.length === 0) process.nextTick(() => this.flush())
      this.#waiting.push({ draft, resolve, reject })
    })
  }

  /** Writes what waits. Those before a failed write are written; it and those after are refused. */
  flush(): void {
    const waiting = this.#waiting
    if (waiting.length === 0) return
    this.#waiting = []
    const { written, error } = this.journal.appendAll(waiting.map(({ draft }) => draft))
    for (const [index, waits] of waiting.entries()) this.#answer(waits, written[index], error)
  }

  #answer({ resolve, reject }: Waiting, written: Written | undefined, error: unknown): void {
    try {
      if (written === undefined) throw error
      this.onWritten(written)
      resolve()
    } catch (problem) {
      reject(problem) // none of the others waits for ever because of it
    }
  }
}
