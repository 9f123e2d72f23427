/** Seconds. Finer than what is shown to Prometheus, so that a percentile is off by a third at most. */
export const bounds: readonly number[] = [
  0.0001, 0.00025, 0.0005, 0.00075, 0.001, 0.0015, 0.002, 0.0025, 0.0035, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.025,
  0.035, 0.05, 0.075, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 0.75, 1, 1.5, 2, 2.5, 3.5, 5, 7.5, 10, 15, 20, 30, 60, 300,
]
/** Of one bucket: its place and its count. */
const bytesEach = 5

/** How long things took: how many fell between which bounds. Nothing is allocated to count one more. */
export class Distribution {
  /** One more than there are bounds: what took longer than all of them. */
  readonly counts = new Float64Array(bounds.length + 1)
  count = 0
  sum = 0

  observe(seconds: number): void {
    let low = 0
    let high = bounds.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((bounds[middle] as number) < seconds) low = middle + 1
      else high = middle
    }
    this.counts[low] = (this.counts[low] as number) + 1
    this.count += 1
    this.sum += seconds
  }

  /** How many took no longer than that; one of `bounds`. */
  upTo(bound: number): number {
    let sum = 0
    for (let at = 0; at < bounds.length && (bounds[at] as number) <= bound; at++) sum += this.counts[at] as number
    return sum
  }
}

/** Buckets with something in them, as bytes. @param before what was there already and is not to be kept again */
export function packed(counts: ArrayLike<number>, before?: ArrayLike<number>): Buffer {
  const found: [number, number][] = []
  for (let at = 0; at < counts.length; at++) {
    const more = (counts[at] as number) - (before?.[at] ?? 0)
    if (more > 0) found.push([at, Math.min(more, 0xffffffff)])
  }
  const bytes = Buffer.alloc(found.length * bytesEach)
  found.forEach(([at, count], place) => {
    bytes.writeUInt8(at, place * bytesEach)
    bytes.writeUInt32LE(count, place * bytesEach + 1)
  })
  return bytes
}

/** Adds packed buckets to counts. */
export function unpackInto(counts: Float64Array, bytes: Uint8Array | null): Float64Array {
  if (bytes === null) return counts
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  for (let from = 0; from + bytesEach <= view.byteLength; from += bytesEach) {
    const at = view.getUint8(from)
    if (at < counts.length) counts[at] = (counts[at] as number) + view.getUint32(from + 1, true)
  }
  return counts
}

export const emptyCounts = (): Float64Array => new Float64Array(bounds.length + 1)

/** @param share 0 … 1 @returns seconds, estimated within its bucket; undefined of nothing */
export function quantile(counts: ArrayLike<number>, share: number): number | undefined {
  let total = 0
  for (let at = 0; at < counts.length; at++) total += counts[at] as number
  if (total === 0) return undefined
  let left = share * total
  for (let at = 0; at < counts.length; at++) {
    const here = counts[at] as number
    if (here > 0 && left <= here) {
      const low = at === 0 ? 0 : (bounds[at - 1] as number)
      const high = bounds[at] ?? low // beyond the last bound nothing more is known
      return low + (high - low) * (left / here)
    }
    left -= here
  }
  return bounds.at(-1)
}
