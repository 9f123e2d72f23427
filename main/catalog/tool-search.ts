import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { Json, JsonObject } from '../../shared/domain/json.ts'
import { descriptionOf } from './pin.ts'
import { relatives, wordsOf } from './search-words.ts'

interface Document {
  readonly entry: CatalogEntry
  /** Words, each as often as its fields weigh. */
  readonly counts: ReadonlyMap<string, number>
  readonly length: number
}

/** How much a word counts by where it stands. */
const weights = { name: 5, title: 3, server: 3, description: 1, parameters: 1 } as const
/** @see Robertson and Zaragoza, “The Probabilistic Relevance Framework: BM25 and Beyond” (2009) */
const saturation = 1.2
const lengthWeight = 0.5
const relativeWeight = 0.5
const beginningWeight = 0.6
const mostQueryWords = 40
/** A description longer than this tells no more about what a tool does. */
const descriptionChars = 2000

/**
 * Ranks tools by what they are asked for: BM25 over name, title, server, description and parameters, each weighed.
 * Built over what one onlooker sees, so that nothing else shows in the ranking. Deterministic: equals go by name.
 */
export class ToolSearch {
  readonly #documents: readonly Document[]
  readonly #holders = new Map<string, Document[]>()
  readonly #averageLength: number

  constructor(entries: readonly CatalogEntry[]) {
    this.#documents = entries.map(documentOf)
    for (const document of this.#documents)
      for (const word of document.counts.keys()) {
        const holders = this.#holders.get(word)
        if (holders) holders.push(document)
        else this.#holders.set(word, [document])
      }
    const total = this.#documents.reduce((sum, { length }) => sum + length, 0)
    this.#averageLength = total / Math.max(1, this.#documents.length)
  }

  /** Best first; none that has nothing in common with the query, but all of them, by name, for a query without words. */
  find(query: string, limit: number, server?: string): CatalogEntry[] {
    const wanted = this.#wanted(query)
    const scores = new Map<Document, number>()
    for (const [word, weight] of wanted) this.#score(word, weight, scores)
    const among = wanted.size === 0 ? this.#documents : [...scores.keys()]
    return among
      .filter(({ entry }) => server === undefined || entry.server === server)
      .sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || compare(a.entry.name, b.entry.name))
      .slice(0, limit)
      .map(({ entry }) => entry)
  }

  #wanted(query: string): Map<string, number> {
    const wanted = new Map<string, number>()
    const want = (word: string, weight: number) => wanted.set(word, Math.max(wanted.get(word) ?? 0, weight))
    for (const word of wordsOf(query.slice(0, 2000)).slice(0, mostQueryWords)) {
      want(word, 1)
      for (const relative of relatives(word)) want(relative, relativeWeight)
      if (!this.#holders.has(word)) for (const longer of this.#beginningWith(word)) want(longer, beginningWeight)
    }
    return wanted
  }

  /** A word nothing knows may be the beginning of some, or one of them its beginning. */
  #beginningWith(word: string): string[] {
    if (word.length < 3) return []
    return [...this.#holders.keys()]
      .filter((known) => known.startsWith(word) || (known.length >= 4 && word.startsWith(known)))
      .sort(compare)
      .slice(0, 20)
  }

  #score(word: string, weight: number, scores: Map<Document, number>): void {
    const holders = this.#holders.get(word) ?? []
    const rarity = Math.log(1 + (this.#documents.length - holders.length + 0.5) / (holders.length + 0.5))
    for (const document of holders) {
      const count = document.counts.get(word) ?? 0
      const norm = 1 - lengthWeight + (lengthWeight * document.length) / this.#averageLength
      const score = (weight * rarity * count * (saturation + 1)) / (count + saturation * norm)
      scores.set(document, (scores.get(document) ?? 0) + score)
    }
  }
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function documentOf(entry: CatalogEntry): Document {
  const counts = new Map<string, number>()
  let length = 0
  const take = (text: string, weight: number) => {
    for (const word of wordsOf(text)) {
      counts.set(word, (counts.get(word) ?? 0) + weight)
      length += weight
    }
  }
  take(entry.ownName, weights.name)
  if (entry.title !== entry.ownName) take(entry.title, weights.title)
  take(entry.server, weights.server)
  take(descriptionOf(entry.definition).slice(0, descriptionChars), weights.description)
  for (const text of parameterTexts(entry.definition)) take(text, weights.parameters)
  return { entry, counts, length }
}

/** Names and descriptions of the arguments at the top. */
function parameterTexts(definition: JsonObject): string[] {
  const properties = asObject(asObject(definition.inputSchema)?.properties) ?? {}
  return Object.entries(properties).flatMap(([name, schema]) => {
    const description = asObject(schema)?.description
    return typeof description === 'string' ? [name, description.slice(0, 300)] : [name]
  })
}

const asObject = (value: Json | undefined): JsonObject | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined
