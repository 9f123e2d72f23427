import type { Database, Statement } from '../store/database.ts'
import { marksOf, type Worded, wordsOf } from './entry-words.ts'

const columns = 'action, category, severity, decision, client, session, server, tool, summary, code, workspace'
/** A question names at most so many words that begin alike; more are gathered by the full text itself. */
const mostNamed = 24

/**
 * The full text of the audit index. It holds the entries between two numbers: the newest are added first, then the older
 * ones from the newest on, so that an index made anew answers for the latest before it is whole.
 */
export class TextIndex {
  readonly #db: Database
  readonly #insert: Statement<[number, string, string]>
  readonly #newer: Statement<[number, number], Worded & { seq: number }>
  readonly #older: Statement<[number, number], Worded & { seq: number }>
  readonly #ends: Statement<[], { first: number | null; last: number | null }>
  readonly #there: Statement<[], { first: number | null; last: number | null }>
  readonly #nextWord: Statement<[string], string>

  constructor(db: Database) {
    this.#db = db
    this.#insert = db.prepare('INSERT INTO audit_text (rowid, words, marks) VALUES (?, ?, ?)')
    const rows = `SELECT seq, ${columns} FROM audit_entry LEFT JOIN audit_workspace USING (seq)`
    this.#newer = db.prepare(`${rows} WHERE seq > ? ORDER BY seq LIMIT ?`)
    this.#older = db.prepare(`${rows} WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
    this.#ends = db.prepare(`
      SELECT (SELECT min(id) FROM audit_text_docsize) AS first, (SELECT max(id) FROM audit_text_docsize) AS last`)
    this.#there = db.prepare(`
      SELECT (SELECT min(seq) FROM audit_entry) AS first, (SELECT max(seq) FROM audit_entry) AS last`)
    db.exec(`CREATE VIRTUAL TABLE IF NOT EXISTS temp.audit_word USING fts5vocab (main, audit_text, instance)`)
    this.#nextWord = db
      .prepare<[string], string>('SELECT term FROM temp.audit_word WHERE term >= ? LIMIT 1')
      .pluck() as Statement<[string], string>
  }

  /** Adds entries: those newer than all it holds, then older ones. @returns whether there may be more */
  add(most: number): boolean {
    const { first, last } = this.#held()
    const newer = last === undefined ? [] : this.#newer.all(last, most)
    const found = newer.length > 0 ? newer : this.#older.all(first ?? Number.MAX_SAFE_INTEGER, most).reverse()
    this.#db.transaction(() => {
      for (const entry of found) this.#insert.run(entry.seq, wordsOf(entry), marksOf(entry))
    })()
    return found.length > 0
  }

  /** How many entries it does not hold yet. */
  missing(): number {
    const { first, last } = this.#held()
    const there = this.#there.get()
    const [oldest, newest] = [there?.first ?? 0, there?.last ?? -1]
    if (first === undefined || last === undefined) return newest - oldest + 1
    return Math.max(0, first - oldest) + Math.max(0, newest - last)
  }

  /** The words that begin so; undefined when they are many. */
  readonly completed = (beginning: string): readonly string[] | undefined => {
    const found: string[] = []
    let word = this.#nextWord.get(beginning)
    while (word?.startsWith(beginning)) {
      if (found.length === mostNamed) return undefined
      found.push(word)
      word = this.#nextWord.get(`${word}\u0001`) // no word holds it: the next one
    }
    return found
  }

  clear(): void {
    this.#db.exec(`INSERT INTO audit_text (audit_text) VALUES ('delete-all')`)
  }

  #held(): { first: number | undefined; last: number | undefined } {
    const { first, last } = this.#ends.get() ?? { first: null, last: null }
    return { first: first ?? undefined, last: last ?? undefined }
  }
}
