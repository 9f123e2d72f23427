import { entropyOfSamples, Histogram, type HistogramData } from './histogram.ts'

export interface FigureSettings {
  /** Below this nothing is remarkable, whatever was usual: an idle server's first work, an empty answer's first line. */
  readonly floor: number
  /** So many samples before anything is said. */
  readonly least: number
  /** So many times the highest value seen is beyond: what a new task of the person's may bring is not. */
  readonly far: number
}

/** How far the latest samples lie from what is usual. */
export interface Deviation {
  /** 0 … 1: how unlikely it is that a server as it was would do this. */
  readonly confidence: number
  /** Times the highest usual value. */
  readonly times: number
  readonly typical: number
  readonly usualHigh: number
}

/** The latest samples that are looked at together, and how many of them must be beyond. */
const windowSize = 16
const beyondNeeded = 5

/**
 * One figure of a server's behaviour: its usual spread, and whether the latest samples left it. Only samples that lie
 * within reach are learnt, so what deviates does not become usual by going on.
 *
 * Of n samples seen, the next exceeds them all by chance once in n + 1; that five of sixteen exceed several times the highest
 * is the confidence said.
 */
export class Figure {
  readonly #usual: Histogram
  #latest: number[] = []

  constructor(
    private readonly settings: FigureSettings,
    data?: HistogramData,
  ) {
    this.#usual = new Histogram(data)
  }

  /** @returns undefined while it behaves as usual, or too little is known */
  add(value: number): Deviation | undefined {
    this.#latest.push(value)
    if (this.#latest.length > windowSize) this.#latest.shift()
    const usualHigh = Math.max(this.#usual.high, this.settings.floor)
    const isBeyond = (one: number) => one > usualHigh * this.settings.far
    if (this.#usual.count < this.settings.least || !isBeyond(value)) {
      this.#usual.add(value)
      return undefined
    }
    const beyond = this.#latest.filter(isBeyond)
    if (beyond.length < beyondNeeded) return undefined
    const typical = [...beyond].sort((a, b) => a - b)[Math.floor(beyond.length / 2)] ?? value
    const confidence = 1 - 4368 / (this.#usual.count + 1) ** beyondNeeded // 4368: ways to choose five of sixteen
    return { confidence: Math.max(0, confidence), times: typical / usualHigh, typical, usualHigh }
  }

  /** The person says this is right: it is usual from now on. */
  accept(): void {
    for (const value of this.#latest) this.#usual.add(value)
    this.#latest = []
  }

  /** Bits of its usual spread and of its latest samples. */
  entropies = (): { readonly usual: number; readonly latest: number } => ({
    usual: this.#usual.entropy(),
    latest: entropyOfSamples(this.#latest),
  })

  get count(): number {
    return this.#usual.count
  }
  get high(): number {
    return this.#usual.high
  }
  data = (): HistogramData => this.#usual.data()
}
