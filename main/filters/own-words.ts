import { randomBytes } from 'node:crypto'
import { type OwnWord, type OwnWordDraft, ownWordsKept } from '../../shared/domain/filters.ts'
import { inputInvalid } from '../../shared/errors.ts'
import type { Finding } from './content/content-filter.ts'
import { literalSearch } from './content/literal-search.ts'
import { PatternSearch } from './content/pattern-search.ts'
import type { OwnWordStore } from './own-word-store.ts'

export interface FoundWord {
  readonly call: number
  readonly reply: number
}

/** Places of all of one's own words in one text; past these the rest of the text counts as one more. */
const mostPlaces = 200
const shortest = 2

/**
 * Words and patterns of the person's own, looked for in every text beside what Gatehouse looks for. A change holds from the
 * next text on. What is looked for is told to nobody but the person: findings and counts name only the entry.
 */
export class OwnWords {
  #words: readonly OwnWord[]
  #places: (text: string) => readonly Place[] = () => none
  readonly #found = new Map<string, { call: number; reply: number }>()

  constructor(
    private readonly store?: Pick<OwnWordStore, 'all' | 'put' | 'remove'>,
    private readonly onChange: () => void = () => {},
  ) {
    this.#words = store?.all() ?? []
    this.#ready()
  }

  get list(): readonly OwnWord[] {
    return this.#words
  }

  /** Whether there is anything to look for: then short texts, keys and numbers are looked through too. */
  get any(): boolean {
    return this.#words.length > 0
  }

  /** @throws input.invalid saying what is wrong with it, never repeating it */
  add(draft: OwnWordDraft): OwnWord {
    if (this.#words.length >= ownWordsKept)
      throw inputInvalid(`There are ${ownWordsKept} words already; remove one first.`)
    if (this.#words.some(({ name }) => name.toLowerCase() === draft.name.toLowerCase()))
      throw inputInvalid(`There is a word called “${draft.name}” already.`)
    if (draft.value.trim().length < shortest) throw inputInvalid(`Write at least ${shortest} characters to look for.`)
    const word: OwnWord = { id: `fw_${randomBytes(12).toString('hex')}`, ...draft }
    const words = [...this.#words, word]
    const places = searchFor(words)
    this.store?.put(word)
    this.#change(words, places)
    return word
  }

  /** @returns what was removed; undefined when there is none */
  remove(id: string): OwnWord | undefined {
    const gone = this.#words.find((word) => word.id === id)
    if (gone === undefined) return undefined
    const words = this.#words.filter((word) => word !== gone)
    const places = searchFor(words)
    this.store?.remove(id)
    this.#change(words, places)
    return gone
  }

  /** @returns in order of place; the very same empty list when there is nothing */
  find(text: string): readonly Finding[] {
    const places = this.#places(text)
    if (places.length === 0) return nothing
    const kept = [...places].sort((a, b) => a.start - b.start || b.end - a.end).slice(0, mostPlaces)
    return kept.map(({ word, start, end }, index) => ({
      filter: 'own-words' as const,
      word,
      start,
      end: index === mostPlaces - 1 ? text.length : end,
      reason: word.kind,
    }))
  }

  count(word: OwnWord, direction: 'call' | 'reply'): void {
    const counts = this.#found.get(word.id) ?? { call: 0, reply: 0 }
    counts[direction]++
    this.#found.set(word.id, counts)
  }

  /** How often it was found since the app was started. */
  found = (word: Pick<OwnWord, 'id'>): FoundWord => ({ ...(this.#found.get(word.id) ?? { call: 0, reply: 0 }) })

  #change(words: readonly OwnWord[], places: (text: string) => readonly Place[]): void {
    this.#words = words
    this.#places = places
    this.onChange()
  }

  #ready(): void {
    this.#places = searchFor(this.#words)
  }
}

export interface Place {
  readonly word: OwnWord
  readonly start: number
  readonly end: number
}

const none: readonly Place[] = []
const nothing: readonly Finding[] = []

/** @throws input.invalid for a pattern that cannot be used */
function searchFor(words: readonly OwnWord[]): (text: string) => readonly Place[] {
  if (words.length === 0) return () => none
  const literals = literalSearch(words.filter(({ kind }) => kind === 'word'))
  const patterns = new PatternSearch(words.filter(({ kind }) => kind === 'pattern'))
  return (text) => {
    const [plain, fitting] = [literals(text), patterns.places(text)]
    return fitting.length === 0 ? plain : [...plain, ...fitting]
  }
}
