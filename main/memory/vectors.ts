import type { Database } from '../store/database.ts'
import { builtInEmbedder, builtInName, noWordCounts } from './embedders/built-in.ts'
import type { Embedder, EmbeddingPurpose } from './embedders/embedder.ts'
import { toBytes } from './embedders/quantise.ts'
import { type GenerationRow, GenerationStore } from './generation-store.ts'
import { loadVectors, type VectorSupport } from './vector-extension.ts'
import { type Near, VectorIndex } from './vector-index.ts'

/** The vectors of one embedder, and the embedder. */
export interface Generation {
  readonly row: GenerationRow
  readonly index: VectorIndex
  /** Undefined: how to reach it is not known (any more). */
  readonly embedder: Embedder | undefined
}

export interface VectorsParts {
  readonly db: Database
  /** An embedder that is reached over HTTP, by its name. */
  readonly remote: (name: string) => Embedder | undefined
}

const vocabularyStep = 2_000
/** Words that fewer concepts hold weigh as if one did. */
const documentsAtLeast = 3

/** Vectors of all concepts: one generation that recall uses, and at times a next one that is being made beside it. */
export class Vectors {
  readonly store: GenerationStore
  readonly support: VectorSupport
  #current: Generation
  #building: Generation | undefined

  constructor(private readonly parts: VectorsParts) {
    const { db } = parts
    this.store = new GenerationStore(db)
    this.support = loadVectors(db)
    const current =
      this.store.current() ?? this.#add(builtInName, builtInEmbedder(noWordCounts).dimension, 'current', 0)
    this.#current = this.#open(current)
    const building = this.store.building()
    this.#building = building && this.#open(building)
    if (this.support.kind === 'scan') this.store.markBits(false)
    else if (current.bits_made === 0) this.#makeBits()
  }

  get current(): Generation {
    return this.#current
  }
  get building(): Generation | undefined {
    return this.#building
  }

  /** A concept’s text is new or changed; within the transaction that changed it. */
  put(id: number, text: string): void {
    for (const { index, embedder } of this.all())
      if (embedder?.kind === 'instant') index.put(id, embedder.embed(text))
      else index.drop(id)
  }

  drop(id: number): void {
    for (const { index } of this.all()) index.drop(id)
  }

  /** @returns undefined when the embedder is not known or does not answer */
  async vectorOf(text: string, purpose: EmbeddingPurpose): Promise<Int8Array | undefined> {
    const { embedder } = this.#current
    if (embedder?.kind === 'instant') return toBytes(embedder.embed(text))
    const [vector] = (await embedder?.embed([text], purpose).catch(() => undefined)) ?? []
    return vector && toBytes(vector)
  }

  nearest = (query: Int8Array, most: number, among?: readonly number[]): Near[] =>
    this.#current.index.nearest(query, most, among)

  /** Begins a generation beside the present one; an unfinished other one goes. */
  begin(embedder: string, dimension: number, learnedFrom: number): Generation {
    this.abandon()
    this.#building = this.#open(this.#add(embedder, dimension, 'building', learnedFrom))
    return this.#building
  }

  abandon(): void {
    if (this.#building) this.#removeGeneration(this.#building)
    this.#building = undefined
  }

  /** The next generation is complete: it takes the place of the present one. */
  promote(): void {
    const [next, old] = [this.#building, this.#current]
    if (!next) return
    this.parts.db.transaction(() => {
      this.#removeGeneration(old)
      this.store.promote(next.row.id)
    })()
    this.#current = { ...next, row: { ...next.row, state: 'current' } }
    this.#building = undefined
  }

  /** Weighs the words of a generation anew, a slice at a time; it has to be opened again afterwards. */
  *learnWords(generation: number): Iterable<void> {
    let last = ''
    for (;;) {
      const words = this.store.vocabulary(last, vocabularyStep)
      this.parts.db.transaction(() => {
        for (const { word, documents } of words)
          if (documents >= documentsAtLeast) this.store.addWord(generation, word, documents)
      })()
      yield
      const end = words.at(-1)
      if (!end) break
      last = end.word
    }
    const row = this.store.building()
    if (row) this.#building = this.#open(row)
  }

  /** The one that recall uses first. */
  all = (): Generation[] => (this.#building ? [this.#current, this.#building] : [this.#current])

  #add(embedder: string, dimension: number, state: GenerationRow['state'], learned_from: number): GenerationRow {
    const id = this.store.add(embedder, dimension, state, learned_from)
    return { id, embedder, dimension, state, learned_from, bits_made: 1 }
  }

  #open(row: GenerationRow): Generation {
    const index = new VectorIndex(this.parts.db, row.id, row.dimension, this.support)
    const embedder =
      row.embedder === builtInName
        ? builtInEmbedder(this.store.wordCounts(row.id, row.learned_from))
        : this.parts.remote(row.embedder)
    return { row, index, embedder }
  }

  #removeGeneration({ index, row }: Generation): void {
    index.remove()
    this.store.remove(row.id)
  }

  #makeBits(): void {
    this.parts.db.transaction(() => {
      for (const { index } of this.all()) index.rebuild()
      this.store.markBits(true)
    })()
  }
}
