export interface Reached {
  readonly id: number
  readonly depth: number
  /** Product of the weights on the way, 0 to 1. */
  readonly nearness: number
}

const nearer = (a: Reached, b: Reached): boolean =>
  a.nearness > b.nearness || (a.nearness === b.nearness && (a.depth < b.depth || (a.depth === b.depth && a.id < b.id)))

/** A binary heap: takes the nearest of what was added. */
export class NearestFirst {
  readonly #heap: Reached[] = []

  add(one: Reached): void {
    const heap = this.#heap
    let at = heap.push(one) - 1
    while (at > 0) {
      const above = (at - 1) >> 1
      if (!nearer(one, heap[above] as Reached)) break
      heap[at] = heap[above] as Reached
      at = above
    }
    heap[at] = one
  }

  take(): Reached | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (last && heap.length > 0) this.#sink(last)
    return first
  }

  #sink(one: Reached): void {
    const heap = this.#heap
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && nearer(heap[below + 1] as Reached, heap[below] as Reached)) below++
      if (!nearer(heap[below] as Reached, one)) break
      heap[at] = heap[below] as Reached
      at = below
    }
    heap[at] = one
  }
}
