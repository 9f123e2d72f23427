import { wordsOf } from '../words.ts'
import type { InstantEmbedder } from './embedder.ts'

/** How many of how many concepts hold a word. */
export interface WordCounts {
  readonly total: number
  readonly documents: ReadonlyMap<string, number>
}
export const noWordCounts: WordCounts = { total: 0, documents: new Map() }

export const builtInName = 'built-in-1'
const dimension = 1024
/** Longer texts are embedded by their beginning. */
const charsAtMost = 8_000
/** How much the pieces of a word count together, beside the word itself: they find other forms of it, and misspellings. */
const piecesShare = 0.6

/**
 * Deterministic, without a model and without the network. A text becomes the sum of its features' vectors:
 *
 * - features are its words and their pieces of three and four letters (`^mem`, `memo`, … `ory$`), without case or accents;
 * - each feature's vector is 1 024 signs drawn from a generator seeded with the feature's hash, so that the cosine of two
 *   sums is, within about 0.03, that of the two texts' weighted features (Johnson–Lindenstrauss; signs after Achlioptas 2003);
 * - a word weighs (1 + ln count) × ln(1 + N / documents that hold it), learned from the store itself; the pieces of a word
 *   share 0.6 of its weight.
 */
export function builtInEmbedder(counts: WordCounts): InstantEmbedder {
  const weightOf = (word: string) => {
    if (counts.total === 0) return 1
    return Math.log(1 + counts.total / (counts.documents.get(word) ?? 1))
  }
  return {
    kind: 'instant',
    name: builtInName,
    dimension,
    embed: (text) => {
      const sum = new Float32Array(dimension)
      for (const [word, count] of countedWords(text.slice(0, charsAtMost))) {
        const weight = weightOf(word) * (1 + Math.log(count))
        addSigns(sum, hash(word), weight)
        const pieces = piecesOf(word)
        const each = (piecesShare * weight) / Math.sqrt(pieces.length)
        for (const piece of pieces) addSigns(sum, hash(piece), each)
      }
      return sum
    },
  }
}

function countedWords(text: string): Map<string, number> {
  const counted = new Map<string, number>()
  for (const word of wordsOf(text)) counted.set(word, (counted.get(word) ?? 0) + 1)
  return counted
}

function piecesOf(word: string): string[] {
  const marked = `^${word.slice(0, 40)}$`
  const pieces: string[] = []
  for (const length of [3, 4])
    for (let at = 0; at + length <= marked.length; at++) pieces.push(marked.slice(at, at + length))
  return pieces
}

/** FNV-1a, 32 bits, over UTF-16 units. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  return value
}

/** Adds ±weight to every dimension; the signs are those of an xorshift32 sequence (Marsaglia 2003). */
function addSigns(sum: Float32Array, seed: number, weight: number): void {
  let state = Math.imul(seed ^ (seed >>> 16), 0x7feb352d) | 1
  for (let at = 0; at < dimension; at += 32) {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    for (let bit = 0; bit < 32; bit++) sum[at + bit] = (sum[at + bit] ?? 0) + weight * (((state >>> bit) & 1) * 2 - 1)
  }
}
