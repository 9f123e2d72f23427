import type { Question, Recall } from '../../../shared/domain/memory.ts'
import { wordsOf } from '../words.ts'

interface Kept {
  readonly goals: ReadonlySet<string>
  readonly at: number
  readonly answer: Recall
}

const freshMs = 5 * 60_000
const keptAtMost = 100
/** Of the words of both sessions’ goals, this share is in both. */
const overlapAtLeast = 0.5

/**
 * Answers a session asked for again, or another one of this workspace with much the same goals. Only as long as nothing
 * was written.
 */
export class RecallCache {
  readonly #kept = new Map<string, Kept[]>()
  #revision = -1

  /** @param revision of the graph: another one, and nothing is kept of before */
  get(question: Question, goals: readonly string[], revision: number, now: number): Recall | undefined {
    this.#only(revision)
    const wanted = new Set(goals.flatMap(wordsOf))
    return this.#kept
      .get(keyOf(question))
      ?.find(({ goals: theirs, at }) => now - at < freshMs && overlap(wanted, theirs) >= overlapAtLeast)?.answer
  }

  put(question: Question, goals: readonly string[], revision: number, now: number, answer: Recall): void {
    this.#only(revision)
    const key = keyOf(question)
    const others = this.#kept.get(key) ?? []
    this.#kept.delete(key)
    this.#kept.set(key, [{ goals: new Set(goals.flatMap(wordsOf)), at: now, answer }, ...others].slice(0, 3))
    const [oldest] = this.#kept.keys()
    if (this.#kept.size > keptAtMost && oldest !== undefined) this.#kept.delete(oldest)
  }

  #only(revision: number): void {
    if (this.#revision !== revision) this.#kept.clear()
    this.#revision = revision
  }
}

function keyOf({ text, limit, filter, depth, budget, by }: Question): string {
  return JSON.stringify([text.trim().toLowerCase().replace(/\s+/g, ' '), limit, filter, depth, budget, by])
}

function overlap(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((word) => b.has(word)).length
  const either = a.size + b.size - both
  return either === 0 ? 1 : both / either
}
