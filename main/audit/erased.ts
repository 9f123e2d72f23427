/** Numbers of entries, as ascending pairs of first and last. */
export type Ranges = readonly (readonly [number, number])[]

/** Entry numbers in ascending order, written as few pairs. */
export function rangesOf(ascending: Iterable<number>): Ranges {
  const ranges: [number, number][] = []
  for (const seq of ascending) {
    const last = ranges.at(-1)
    if (last && seq <= last[1] + 1) last[1] = Math.max(last[1], seq)
    else ranges.push([seq, seq])
  }
  return ranges
}

/** Which contents the log itself says were erased. */
export class ErasedEntries {
  readonly #ranges: [number, number][] = []

  add(ranges: Ranges): void {
    for (const [first, last] of ranges) this.#ranges.push([first, last])
  }

  has(seq: number): boolean {
    return this.#ranges.some(([first, last]) => seq >= first && seq <= last)
  }

  /** @returns the first of these that nothing here covers */
  firstMissing(tombstones: Ranges): number | undefined {
    const covered = rangesOfPairs(this.#ranges)
    for (const [first, last] of tombstones) {
      let from = first
      for (const [start, end] of covered) if (start <= from && end >= from) from = end + 1
      if (from <= last) return from
    }
    return undefined
  }
}

function rangesOfPairs(pairs: readonly [number, number][]): Ranges {
  const merged: [number, number][] = []
  for (const [first, last] of [...pairs].sort((a, b) => a[0] - b[0])) {
    const before = merged.at(-1)
    if (before && first <= before[1] + 1) before[1] = Math.max(before[1], last)
    else merged.push([first, last])
  }
  return merged
}
