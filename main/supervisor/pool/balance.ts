import type { Balance } from '../../../shared/domain/running.ts'

/** One process of a pool, as choosing sees it. */
export interface Candidate {
  readonly id: string
  readonly weight: number
  /** Calls it works on. */
  readonly inFlight: number
  /** Of its latest answers, smoothed; 0 before the first. */
  readonly responseMs: number
  /** Share of a processor core and of the memory it may use; 0 where nothing is measured. */
  readonly cpu: number
  readonly memory: number
  /** Share of its latest calls that were answered, smoothed; 1 before the first. */
  readonly success: number
  /** Calls it may get at a time. */
  readonly capacity: number
}

/**
 * Chooses among the processes that may take a call. Keeps only what turn-taking needs.
 * @see spec, platform I: six strategies; resource-based: cpu .3, memory .3, network .2, capability .2
 */
export class Balancer {
  #turn = 0
  /** Smooth weighted turn-taking: what each has saved up. */
  readonly #saved = new Map<string, number>()

  /** @param key what consistent hashing keeps together; @throws Error when nobody can be chosen from */
  choose<T extends Candidate>(strategy: Balance, candidates: readonly T[], key: string): T {
    const [first] = candidates
    if (first === undefined) throw new Error('nobody to choose from')
    if (candidates.length === 1) return first
    switch (strategy) {
      case 'round-robin':
        return candidates[this.#turn++ % candidates.length] ?? first
      case 'weighted':
        return this.#weighted(candidates, first)
      case 'least-connections':
        return least(candidates, first, (one) => one.inFlight)
      case 'least-response-time':
        return least(candidates, first, (one) => one.responseMs * (one.inFlight + 1))
      case 'resource-based':
        return least(candidates, first, load)
      case 'consistent-hashing':
        return least(candidates, first, (one) => -hash(`${key}\n${one.id}`))
    }
  }

  forget(id: string): void {
    this.#saved.delete(id)
  }

  /** Each saves its weight; who saved most is chosen and pays the sum: turns mix instead of coming in blocks. */
  #weighted<T extends Candidate>(candidates: readonly T[], first: T): T {
    const total = candidates.reduce((sum, one) => sum + one.weight, 0)
    for (const one of candidates) this.#saved.set(one.id, (this.#saved.get(one.id) ?? 0) + one.weight)
    const chosen = least(candidates, first, (one) => -(this.#saved.get(one.id) ?? 0))
    this.#saved.set(chosen.id, (this.#saved.get(chosen.id) ?? 0) - total)
    return chosen
  }
}

/** 0 nothing to do … 1 all used up. What travels to a process is measured as the calls it works on. */
function load(one: Candidate): number {
  const network = one.inFlight / one.capacity
  return 0.3 * one.cpu + 0.3 * one.memory + 0.2 * network + 0.2 * (1 - one.success)
}

function least<T>(all: readonly T[], first: T, of: (one: T) => number): T {
  let chosen = first
  let fewest = of(first)
  for (const one of all.slice(1)) {
    const value = of(one)
    if (value < fewest) {
      chosen = one
      fewest = value
    }
  }
  return chosen
}

/** FNV-1a with a final mix: rendezvous hashing needs well-spread bits, not secrecy. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35)
  return (value ^ (value >>> 16)) >>> 0
}
