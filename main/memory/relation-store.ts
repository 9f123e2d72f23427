import type { Database, Statement } from '../store/database.ts'
import type { Edge, RelationRow } from './rows.ts'

/** Relations between nodes, as they are now. */
export class RelationStore {
  readonly #one: Statement<[number], RelationRow>
  readonly #find: Statement<[number, number, string], RelationRow>
  readonly #all: Statement<[], RelationRow>
  readonly #after: Statement<[number, number], RelationRow>
  readonly #touching: Statement<[number, number], RelationRow>
  readonly #leaving: Statement<[number, number], RelationRow>
  readonly #strongest: Statement<[number, number, number, number], Edge>
  readonly #add: Statement<[Omit<RelationRow, 'id'>]>
  readonly #put: Statement<[RelationRow]>
  readonly #remove: Statement<[number]>
  readonly #count: Statement<[], { relations: number }>

  constructor(db: Database) {
    const columns =
      'origin, target, type, weight, confidence, inferred, attributes, labels, created_at, strengthened_at, created_by'
    const values = columns.replace(/\w+/g, '@$&')
    this.#one = db.prepare('SELECT * FROM relation WHERE id = ?')
    this.#find = db.prepare('SELECT * FROM relation WHERE origin = ? AND target = ? AND type = ?')
    this.#all = db.prepare('SELECT * FROM relation ORDER BY id')
    this.#after = db.prepare('SELECT * FROM relation WHERE id > ? ORDER BY id LIMIT ?')
    this.#touching = db.prepare(
      'SELECT * FROM relation WHERE origin = ? UNION SELECT * FROM relation WHERE target = ? ORDER BY id',
    )
    this.#leaving = db.prepare('SELECT * FROM relation WHERE origin = ? ORDER BY weight DESC, id LIMIT ?')
    const edge = 'SELECT id, origin, target, weight FROM relation'
    this.#strongest = db.prepare(`
      SELECT * FROM (${edge} WHERE origin = ? ORDER BY weight DESC, id LIMIT ?)
      UNION ALL SELECT * FROM (${edge} WHERE target = ? AND origin <> target ORDER BY weight DESC, id LIMIT ?)
      ORDER BY weight DESC, id`)
    this.#add = db.prepare(`INSERT INTO relation (${columns}) VALUES (${values})`)
    this.#put = db.prepare(`INSERT OR REPLACE INTO relation (id, ${columns}) VALUES (@id, ${values})`)
    this.#remove = db.prepare('DELETE FROM relation WHERE id = ?')
    this.#count = db.prepare('SELECT count(*) AS relations FROM relation')
  }

  get = (id: number): RelationRow | undefined => this.#one.get(id)
  find = (origin: number, target: number, type: string): RelationRow | undefined => this.#find.get(origin, target, type)
  /** In the order they were made. */
  all = (): IterableIterator<RelationRow> => this.#all.iterate()
  after = (id: number, limit: number): RelationRow[] => this.#after.all(id, limit)
  touching = (node: number): RelationRow[] => this.#touching.all(node, node)
  /** Those that begin there, the heaviest first. */
  leaving = (node: number, most: number): RelationRow[] => this.#leaving.all(node, most)
  eachTouching = (node: number): IterableIterator<RelationRow> => this.#touching.iterate(node, node)
  /** The heaviest first, at most so many in each direction: the indexes hold them in that order, so a hub costs no more and no row is read. */
  strongest = (node: number, most: number): Edge[] => this.#strongest.all(node, most, node, most)
  add = (row: Omit<RelationRow, 'id'>): number => Number(this.#add.run(row).lastInsertRowid)
  put = (row: RelationRow): void => void this.#put.run(row)
  remove = (id: number): void => void this.#remove.run(id)
  /** Reads the table through: asked once, when it is opened. */
  count = (): number => this.#count.get()?.relations ?? 0
}
