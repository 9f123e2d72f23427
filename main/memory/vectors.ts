import type { Database } from '../store/database.ts'
import { builtInEmbedder, builtInName, noWordCounts } from './embedders/built-in.ts'
import type { Embedder, EmbeddingPurpose, RemoteEmbedder } from './embedders/embedder.ts'
import { toBytes } from './embedders/quantise.ts'
import { type GenerationRow, GenerationStore } from './generation-store.ts'
import type { Meeting } from './recall/meeting.ts'
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
  readonly remote: (name: string) => RemoteEmbedder | undefined
  /** On a second connection: what another one is making stays as it is. */
  readonly beside?: boolean
}

const vocabularyStep = 2_000
/** Words that fewer concepts hold weigh as if one did. */
const documentsAtLeast = 3
const builtInDimension = builtInEmbedder(noWordCounts).dimension

/** Out of a copy: they can be made again. */
export function dropVectors(copy: Database): void {
  loadVectors(copy)
  const tables = copy
    .prepare<[], string>(`SELECT 'vector_' || id FROM generation UNION SELECT 'vec_' || id FROM generation`)
    .pluck()
    .all()
  copy.exec(tables.map((table) => `DROP TABLE IF EXISTS ${table};`).join(' '))
  copy.exec('DELETE FROM word_weight; DELETE FROM generation')
}

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
    const current = this.store.current() ?? this.#add(builtInName, builtInDimension, 'current', 0)
    this.#current = this.#open(current)
    const building = this.store.building()
    this.#building = building && this.#open(building)
    if (parts.beside) return
    // its words may have been weighed only in part when the app ended; it is quickly begun again
    if (building?.embedder === builtInName) this.abandon()
    if (this.support.kind === 'scan') this.store.markBits(false)
    else if (current.bits_made === 0) this.#makeBits()
  }

  remote = (name: string): RemoteEmbedder | undefined => this.parts.remote(name)

  get current(): Generation {
    return this.#current
  }
  get building(): Generation | undefined {
    return this.#building
  }

  /** How to reach an embedder may be known now. */
  reopen(): void {
    this.#current = this.#open(this.#current.row)
    if (this.#building) this.#building = this.#open(this.#building.row)
  }

  /** A concept’s text is new or changed; within the transaction that changed it. */
  put(id: number, text: string): void {
    for (const { index, embedder } of this.all())
      if (embedder?.kind === 'instant') index.put(id, embedder.embed(text))
      else index.postpone(id)
  }

  /** The same of a concept whose vectors are made later, after a large write. */
  postpone(id: number): void {
    for (const { index } of this.all()) index.postpone(id)
  }

  /** What was put or taken away may have been taken back, with the transaction it was part of. */
  unsure(): void {
    for (const { index } of this.all()) index.unsure()
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

  /** @returns undefined when the embedder takes its time */
  instant(text: string): Int8Array | undefined {
    const { embedder } = this.#current
    return embedder?.kind === 'instant' ? toBytes(embedder.embed(text)) : undefined
  }

  nearest = (query: Int8Array, most: number, meeting?: Meeting): Near[] =>
    this.#current.index.nearest(query, most, meeting)

  /** Begins a generation beside the present one; an unfinished other one goes. */
  begin(embedder: string, dimension: number): void {
    this.abandon()
    this.#building = this.#open(this.#add(embedder, dimension, 'building', 0))
  }

  /** The same for the built-in embedder, which first weighs the words of all concepts: a slice at a time. */
  *beginBuiltIn(concepts: number): Iterable<void> {
    this.abandon()
    const row = this.#add(builtInName, builtInDimension, 'building', concepts)
    let last: string | undefined = ''
    while (last !== undefined) {
      last = this.#learnWords(row.id, last)
      yield
    }
    this.#building = this.#open(row)
  }

  abandon(): void {
    const row = this.store.building()
    this.#building = undefined
    if (row) this.#removeGeneration(this.#open(row))
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

  /** @returns the last word of the slice; undefined when there was none left */
  #learnWords(generation: number, after: string): string | undefined {
    const words = this.store.vocabulary(after, vocabularyStep)
    this.parts.db.transaction(() => {
      for (const { word, documents } of words)
        if (documents >= documentsAtLeast) this.store.addWord(generation, word, documents)
    })()
    return words.at(-1)?.word
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
