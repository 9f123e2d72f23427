import { RE2JS, RE2Set } from 're2js'
import type { OwnWord } from '../../../shared/domain/filters.ts'
import { inputInvalid } from '../../../shared/errors.ts'
import type { Place } from '../own-words.ts'

/** Instructions of the compiled patterns, of one and of all: what a character costs at worst. */
const largestOne = 400
const largestAll = 2_000
/** UTF-16 units that are looked through at once, and that the next piece begins before its end: the longest that is surely found. */
const piece = 8_192
const overlap = 1_024
/** Pieces of one text in which places are looked for; past these the rest of the text counts as one. */
const mostPieces = 64
/** Places of one pattern in one piece. */
const mostEach = 50

interface Sought {
  readonly word: OwnWord
  readonly compiled: RE2JS
}

/**
 * Patterns on an engine whose time grows with the text and never explodes (RE2). All are looked for in one pass; only
 * those that fit somewhere in a piece are looked for again, to say where.
 */
export class PatternSearch {
  readonly #sought: readonly Sought[]
  readonly #all: RE2Set | undefined

  /** @throws input.invalid for a pattern that cannot be used, saying why */
  constructor(words: readonly OwnWord[]) {
    this.#sought = words.map((word) => ({ word, compiled: compiled(word.value) }))
    if (this.#sought.reduce((size, one) => size + one.compiled.programSize(), 0) > largestAll)
      throw inputInvalid('These patterns together are too large to look for in every text; use fewer or shorter ones.')
    if (words.length === 0) return
    this.#all = new RE2Set(RE2Set.UNANCHORED)
    for (const { value } of words) this.#all.add(value)
    this.#all.compile()
  }

  places(text: string): readonly Place[] {
    if (this.#all === undefined) return none
    const found: Place[] = []
    let pieces = 0
    for (let from = 0; from === 0 || from + overlap < text.length; from += piece - overlap) {
      const fitting = this.#all.match(text.slice(from, from + piece))
      if (fitting.length === 0) continue
      for (const index of fitting) this.#locate(this.#sought[index] as Sought, text, from, found)
      if (++pieces < mostPieces) continue
      const [first] = fitting
      found.push({ word: (this.#sought[first as number] as Sought).word, start: from, end: text.length })
      break
    }
    return found
  }

  /** The piece is cut so that what stands at its edges is seen whole in the one beside it. */
  #locate({ word, compiled }: Sought, text: string, from: number, found: Place[]): void {
    const matcher = compiled.matcher(text.slice(from, from + piece))
    for (let count = 0; count < mostEach && matcher.find(); count++) {
      const [start, end] = [from + matcher.start(), from + matcher.end()]
      if (end > start)
        found.push({ word, start, end: count === mostEach - 1 ? Math.min(from + piece, text.length) : end })
    }
  }
}

const none: readonly Place[] = []

/** @throws input.invalid */
function compiled(pattern: string): RE2JS {
  if (isAnchored(pattern))
    throw inputInvalid(
      'A pattern is looked for anywhere in a text: write it without ^ and $, or \\b for the edge of a word.',
    )
  const made = attempted(() => RE2JS.compile(pattern))
  if (made.programSize() > largestOne) throw inputInvalid('This pattern is too large to look for in every text.')
  if (made.matcher('').find())
    throw inputInvalid('This pattern fits an empty text, hence everywhere; say what must be there.')
  return made
}

/** The engine's message would repeat the pattern, which may be private. */
function attempted(compile: () => RE2JS): RE2JS {
  try {
    return compile()
  } catch {
    throw inputInvalid(
      'This is not a pattern that can be looked for. It is written like a regular expression, without back-references and look-arounds.',
    )
  }
}

/** An anchor outside of brackets; pieces of a text have edges of their own. */
function isAnchored(pattern: string): boolean {
  const bare = pattern
    .replace(/\\[AzQ]/g, '^')
    .replace(/\\./gs, 'x')
    .replace(/\[\^?\]?[^\]]*\]/g, 'x')
  return bare.includes('^') || bare.includes('$')
}
