import { wordsOf } from '../words.ts'

/** @param words with their weights @returns the share of them a text holds, by weight: 0 to 1 */
export function wordShare(words: ReadonlyMap<string, number>): (text: string) => number {
  const total = [...words.values()].reduce((sum, weight) => sum + weight, 0)
  return (text) => {
    const held = new Set(wordsOf(text))
    return total === 0 ? 0 : [...words].reduce((sum, [word, weight]) => sum + (held.has(word) ? weight : 0), 0) / total
  }
}
