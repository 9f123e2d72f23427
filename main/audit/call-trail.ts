import type { Trail, TrailFacts } from '../../shared/domain/call.ts'
import { type CallStep, callSteps } from '../../shared/domain/metrics.ts'

const places = Object.fromEntries(callSteps.map((step, place) => [step, place])) as Readonly<Record<CallStep, number>>

/** What the stages leave behind of one call: facts for its audit entry, and what must be given back at its end. */
export class CallTrail implements Trail {
  readonly #facts: TrailFacts = {}
  #releases: (() => void)[] = []
  #watcher: ((facts: TrailFacts) => void) | undefined
  /** The number of the entry written before the effect. */
  intent: number | undefined
  /** When the steps it passed were done, monotonic milliseconds, in the order of `callSteps`. */
  readonly laps: number[] = []

  get facts(): TrailFacts {
    return this.#facts
  }

  /** Later facts replace earlier ones; labels add up. */
  note(facts: TrailFacts): void {
    const labels = facts.labels && [...new Set([...(this.#facts.labels ?? []), ...facts.labels])]
    Object.assign(this.#facts, facts, labels && { labels })
    this.#watcher?.(facts)
  }

  lap(step: CallStep): void {
    this.laps[places[step]] = performance.now()
  }

  onEnd(release: () => void): void {
    this.#releases.push(release)
  }

  /** @param watcher told the facts just noted */
  watch(watcher: (facts: TrailFacts) => void): void {
    this.#watcher = watcher
  }

  /** Gives everything back, the newest first, each once. @returns what the releases threw */
  end(): unknown[] {
    const thrown: unknown[] = []
    for (const release of this.#releases.splice(0).reverse()) {
      try {
        release()
      } catch (error) {
        thrown.push(error)
      }
    }
    return thrown
  }
}

/** For the doors: every call they hand in carries one. */
export const newTrail = (): CallTrail => new CallTrail()
