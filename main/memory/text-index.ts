import type { Database, Statement } from '../store/database.ts'
import type { Condition, Meeting } from './recall/meeting.ts'
import type { ConceptRow } from './rows.ts'

/** What is said of a concept, for the indexes. */
export interface ConceptTexts {
  readonly name: string
  readonly type: string
  readonly description: string
  readonly observations: readonly string[]
  /** JSON. */
  readonly attributes: string
}

/** Between the folded parts, so that a text is not found across two of them. */
const between = '\u001f'
const fold = (text: string) => text.toLowerCase()

/** The words of concepts: FTS5 for ranking, folded text for finding an exact piece whatever its case. */
export class TextIndex {
  readonly #folded: Statement<[number], { folded: string }>
  readonly #putFolded: Statement<[number, string]>
  readonly #dropFolded: Statement<[number]>
  readonly #holding: Statement<[string], { id: number }>
  readonly #putWords: Statement<[number, string, string, string]>
  readonly #dropWords: Statement<[number]>
  readonly #ranked: Statement<[string, number], Ranked>
  readonly #rankedAmong: Statement<[string, string, number], Ranked>
  readonly #settle: Statement<[]>
  readonly #merge: Statement<[]>
  readonly #documents: Statement<[string], { documents: number }>

  constructor(private readonly db: Database) {
    this.#folded = db.prepare('SELECT folded FROM concept_text WHERE id = ?')
    this.#putFolded = db.prepare('INSERT OR REPLACE INTO concept_text VALUES (?, ?)')
    this.#dropFolded = db.prepare('DELETE FROM concept_text WHERE id = ?')
    this.#holding = db.prepare(`
      SELECT concept.id FROM concept_text JOIN concept USING (id) WHERE instr(folded, ?) > 0 ORDER BY seq, concept.id`)
    this.#putWords = db.prepare('INSERT OR REPLACE INTO concept_fts (rowid, name, type, body) VALUES (?, ?, ?, ?)')
    this.#dropWords = db.prepare('DELETE FROM concept_fts WHERE rowid = ?')
    this.#ranked = db.prepare(`${rankedSql} concept_fts MATCH ? ORDER BY rank LIMIT ?`)
    this.#rankedAmong = db.prepare(`
      ${rankedSql} concept_fts MATCH ? AND +rowid IN (SELECT value FROM json_each(?)) ORDER BY rank LIMIT ?`)
    this.#settle = db.prepare("INSERT INTO concept_fts (concept_fts) VALUES ('optimize')")
    this.#merge = db.prepare("INSERT INTO concept_fts (concept_fts, rank) VALUES ('merge', 500)")
    this.#documents = db.prepare('SELECT doc AS documents FROM concept_word WHERE term = ?')
  }

  put(id: number, texts: ConceptTexts): void {
    this.#putFolded.run(id, foldedOf(texts))
    this.#putWords.run(id, texts.name, texts.type, bodyOf(texts))
  }

  drop(id: number): void {
    this.#dropFolded.run(id)
    this.#dropWords.run(id)
  }

  folded = (id: number): string | undefined => this.#folded.get(id)?.folded

  /** Concepts that hold the text in their name, type or an observation, in their order. */
  holding = (text: string): number[] => this.#holding.all(fold(text)).map(({ id }) => id)

  /** Best first; higher is better. @param match an FTS5 expression @param meeting only these, when given */
  ranked(match: string, limit: number, meeting?: Meeting): Ranked[] {
    const rows =
      meeting === undefined
        ? this.#ranked.all(match, limit)
        : meeting.kind === 'few'
          ? this.#rankedAmong.all(match, JSON.stringify(meeting.ids), limit)
          : this.#rankedWithin(match, limit, meeting.condition)
    return rows.map(({ id, rank }) => ({ id, rank: -rank }))
  }

  #rankedWithin = (match: string, limit: number, { sql, values }: Condition): Ranked[] =>
    this.db
      .prepare<[object], Ranked>(`
        ${rankedSql} concept_fts MATCH @match
        AND EXISTS (SELECT 1 FROM concept WHERE concept.id = concept_fts.rowid AND ${sql}) ORDER BY rank LIMIT @limit`)
      .all({ ...values, match, limit })

  /** Words of what is gone leave the index now, not at some later merge. */
  settle = (): void => void this.#settle.run()

  /** A step towards a smaller index. */
  mergeSome = (): void => void this.#merge.run()

  /** Sees what another connection wrote: SQLite's own check of the index goes by what this one saw last, and finds that damaged. */
  refresh = (): void => void this.#ranked.all('a', 1)

  /** How many concepts hold a word. Takes longer the more there are. */
  documents = (word: string): number => this.#documents.get(word)?.documents ?? 0
}

/** Name, type, everything else. */
const columnWeights = '4.0, 1.5, 1.0'
/** `+rowid` in its condition: else FTS5 searches once for each id. */
const rankedSql = `SELECT rowid AS id, bm25(concept_fts, ${columnWeights}) AS rank FROM concept_fts WHERE`
interface Ranked {
  readonly id: number
  readonly rank: number
}

export const foldedOf = ({ name, type, observations }: ConceptTexts): string =>
  [name, type, ...observations].map(fold).join(between)

export const bodyOf = ({ description, observations, attributes }: ConceptTexts): string =>
  [description, ...observations, ...values(JSON.parse(attributes))].filter((text) => text !== '').join('\n')

export const textsOf = (row: ConceptRow, observations: readonly { readonly text: string }[]): ConceptTexts => ({
  ...row,
  observations: observations.map(({ text }) => text),
})

/** The words and numbers of attributes, and what they are called. */
function values(attributes: unknown): string[] {
  if (attributes === null || typeof attributes === 'boolean') return []
  if (typeof attributes !== 'object') return [String(attributes)]
  if (Array.isArray(attributes)) return attributes.flatMap(values)
  return Object.entries(attributes as object).flatMap(([key, value]) => [key, ...values(value)])
}
