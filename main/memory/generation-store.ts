import type { Database, Statement } from '../store/database.ts'
import type { WordCounts } from './embedders/built-in.ts'

export interface GenerationRow {
  readonly id: number
  readonly embedder: string
  readonly dimension: number
  readonly state: 'building' | 'current'
  /** How many concepts its word weights were learned from. */
  readonly learned_from: number
  /** 0: vectors were written while sqlite-vec could not be loaded. */
  readonly bits_made: number
}

/** Which embedders’ vectors there are: the ones recall uses, and the ones that are being made. */
export class GenerationStore {
  readonly #inState: Statement<[string], GenerationRow>
  readonly #add: Statement<[string, number, string, number]>
  readonly #promote: Statement<[number]>
  readonly #remove: Statement<[number]>
  readonly #removeWords: Statement<[number]>
  readonly #markBits: Statement<[number]>
  readonly #words: Statement<[number], { word: string; documents: number }>
  readonly #addWord: Statement<[number, string, number]>
  readonly #vocabulary: Statement<[string, number], { word: string; documents: number }>

  constructor(db: Database) {
    this.#inState = db.prepare('SELECT * FROM generation WHERE state = ?')
    this.#add = db.prepare('INSERT INTO generation (embedder, dimension, state, learned_from) VALUES (?, ?, ?, ?)')
    this.#promote = db.prepare("UPDATE generation SET state = 'current' WHERE id = ?")
    this.#remove = db.prepare('DELETE FROM generation WHERE id = ?')
    this.#removeWords = db.prepare('DELETE FROM word_weight WHERE generation = ?')
    this.#markBits = db.prepare('UPDATE generation SET bits_made = ?')
    this.#words = db.prepare('SELECT word, documents FROM word_weight WHERE generation = ?')
    this.#addWord = db.prepare('INSERT OR REPLACE INTO word_weight VALUES (?, ?, ?)')
    this.#vocabulary = db.prepare('SELECT term AS word, doc AS documents FROM concept_word WHERE term > ? LIMIT ?')
  }

  current = (): GenerationRow | undefined => this.#inState.get('current')
  building = (): GenerationRow | undefined => this.#inState.get('building')
  add = (embedder: string, dimension: number, state: GenerationRow['state'], learnedFrom: number): number =>
    Number(this.#add.run(embedder, dimension, state, learnedFrom).lastInsertRowid)
  promote = (id: number): void => void this.#promote.run(id)
  remove(id: number): void {
    this.#removeWords.run(id)
    this.#remove.run(id)
  }
  markBits = (made: boolean): void => void this.#markBits.run(made ? 1 : 0)

  wordCounts = (id: number, total: number): WordCounts => ({
    total,
    documents: new Map(this.#words.all(id).map(({ word, documents }) => [word, documents])),
  })
  addWord = (id: number, word: string, documents: number): void => void this.#addWord.run(id, word, documents)
  /** Words of all concepts in order, after one of them, and how many concepts hold each. */
  vocabulary = (after: string, most: number) => this.#vocabulary.all(after, most)
}
