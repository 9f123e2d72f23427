/** How a figure is spread, in half octaves: 0–1, then up to √2, 2, 2√2 … Old samples fade, so that it follows slowly. */
export interface HistogramData {
  /** By bin, weights. */
  readonly bins: Readonly<Record<string, number>>
  readonly count: number
  /** Largest sample, fading. */
  readonly high: number
}

const binOf = (value: number): number => (value <= 1 ? 0 : Math.ceil(2 * Math.log2(value)))
/** Half of a sample's weight is gone after some 3 500 more. */
const fading = 0.9998
const faded = 0.001
/** Some 35 000 samples. */
const largestUnit = 1000

export class Histogram {
  /** In units of `#unit`: instead of every weight that fades, the next one counts for more. */
  readonly #bins: Map<number, number>
  #unit = 1
  #count: number
  #high: number

  constructor(data: HistogramData = { bins: {}, count: 0, high: 0 }) {
    this.#bins = new Map(Object.entries(data.bins).map(([bin, weight]) => [Number(bin), weight]))
    this.#count = data.count
    this.#high = data.high
  }

  get count(): number {
    return this.#count
  }

  get high(): number {
    return this.#high
  }

  add(value: number): void {
    this.#unit /= fading
    const bin = binOf(value)
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + this.#unit)
    this.#count += 1
    this.#high = Math.max(value, this.#high * fading)
    if (this.#unit > largestUnit) this.#settle()
  }

  /** Weights by their own size, without those that faded away. */
  #settle(): void {
    for (const [bin, weight] of this.#bins) {
      if (weight / this.#unit < faded) this.#bins.delete(bin)
      else this.#bins.set(bin, weight / this.#unit)
    }
    this.#unit = 1
  }

  /** Bits: 0 when every sample falls into one bin. */
  entropy(): number {
    return entropyOf([...this.#bins.values()])
  }

  data(): HistogramData {
    this.#settle()
    return { bins: Object.fromEntries(this.#bins), count: this.#count, high: this.#high }
  }
}

/** Shannon entropy of weights, in bits. */
export function entropyOf(weights: readonly number[]): number {
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.reduce((bits, weight) => (weight > 0 ? bits - (weight / sum) * Math.log2(weight / sum) : bits), 0)
}

/** Of samples, in the same bins. */
export function entropyOfSamples(samples: readonly number[]): number {
  const bins = new Map<number, number>()
  for (const sample of samples) bins.set(binOf(sample), (bins.get(binOf(sample)) ?? 0) + 1)
  return entropyOf([...bins.values()])
}
