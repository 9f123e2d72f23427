import { wordsOf } from '../words.ts'

/** Words of a question that are searched for, at most. */
const wordsAtMost = 16
/** Of a long question, only so many words are counted. */
const lookedAtAtMost = 200
/** Concepts all of them together may be in: what bounds the time of a search. */
const matchesAtMost = 30_000
/** A word in more than this share of the concepts says nothing, unless there is no other. */
const commonShare = 0.25
const commonAtLeast = 200

/**
 * How many concepts hold a word, remembered: counting a common one takes long.
 * Forgotten when the memory has grown or shrunk by a tenth.
 */
export class WordFrequencies {
  readonly #known = new Map<string, number>()
  #concepts = 0

  constructor(
    private readonly count: (word: string) => number,
    private readonly concepts: () => number,
  ) {}

  of(word: string): number {
    const concepts = this.concepts()
    if (Math.abs(concepts - this.#concepts) > this.#concepts / 10 || this.#known.size > 50_000) {
      this.#known.clear()
      this.#concepts = concepts
    }
    const known = this.#known.get(word)
    if (known !== undefined) return known
    const counted = this.count(word)
    this.#known.set(word, counted)
    return counted
  }

  /** The words of a text with their inverse document frequencies. */
  weighed = (text: string): ReadonlyMap<string, number> =>
    new Map(wordsOf(text).map((word) => [word, Math.log(1 + this.concepts() / (1 + this.of(word)))]))
}

/** The words of a question worth searching for, rarest first. */
export function searchedWords(text: string, frequencies: WordFrequencies, concepts: number): string[] {
  const words = [...new Set(wordsOf(text))]
    .slice(0, lookedAtAtMost)
    .map((word) => ({ word, count: frequencies.of(word) }))
  const found = words.filter(({ count }) => count > 0).sort((a, b) => a.count - b.count)
  const telling = found.filter(({ count }) => count <= Math.max(commonAtLeast, concepts * commonShare))
  const chosen: string[] = []
  let matches = 0
  for (const { word, count } of telling.length > 0 ? telling : found) {
    matches += count
    if (chosen.length > 0 && (chosen.length >= wordsAtMost || matches > matchesAtMost)) break
    chosen.push(word)
  }
  return chosen
}

/** An FTS5 expression for any of the words. */
export const anyOf = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' OR ')
