import type { Direction, FilterAction, FoundBy } from '../../shared/domain/filters.ts'

export interface FilterCount {
  readonly filter: FoundBy | 'known-secrets' | 'answer-size'
  readonly direction: Direction
  readonly action: FilterAction
  readonly count: number
}

/** How often each filter found something and what happened, since the app was started. No contents, no names. */
export class FilterCounts {
  readonly #counts = new Map<string, number>()
  readonly #calls: Record<Direction, number> = { call: 0, reply: 0 }

  looked(direction: Direction): void {
    this.#calls[direction]++
  }

  add(filter: FilterCount['filter'], direction: Direction, action: FilterAction): void {
    const key = `${filter} ${direction} ${action}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  /** Calls and answers that were looked through. */
  get lookedThrough(): Readonly<Record<Direction, number>> {
    return { ...this.#calls }
  }

  list(): readonly FilterCount[] {
    return [...this.#counts].map(([key, count]) => {
      const [filter, direction, action] = key.split(' ') as [FilterCount['filter'], Direction, FilterAction]
      return { filter, direction, action, count }
    })
  }
}
