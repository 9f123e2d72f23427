import { randomUUID } from 'node:crypto'
import type { Database, Statement } from '../store/database.ts'

/** Names. A node outlives the concept of its name, so that relations and history keep pointing at it. */
export class NodeStore {
  readonly #find: Statement<[string], { id: number }>
  readonly #name: Statement<[number], { name: string }>
  readonly #add: Statement<[string]>
  readonly #rename: Statement<[string, number]>

  constructor(db: Database) {
    this.#find = db.prepare('SELECT id FROM node WHERE name = ?')
    this.#name = db.prepare('SELECT name FROM node WHERE id = ?')
    this.#add = db.prepare('INSERT INTO node (name) VALUES (?)')
    this.#rename = db.prepare('UPDATE node SET name = ? WHERE id = ?')
  }

  find = (name: string): number | undefined => this.#find.get(name)?.id
  nameOf = (id: number): string => this.#name.get(id)?.name ?? ''
  need = (name: string): number => this.find(name) ?? Number(this.#add.run(name).lastInsertRowid)

  /** A node that has the name already takes the old one in exchange. */
  rename(id: number, name: string): void {
    const other = this.find(name)
    if (other === id) return
    const old = this.nameOf(id)
    if (other !== undefined) this.#rename.run(randomUUID(), other) // a name nobody can have given before
    this.#rename.run(name, id)
    if (other !== undefined) this.#rename.run(old, other)
  }
}
