import type { Database, Statement } from '../store/database.ts'
import type { Entry } from './entry.ts'

/** Which workspace an entry belongs to: what one workspace may see of the log. Filled with the index, in its transaction. */
export class WorkspaceIndex {
  readonly #insert: Statement<[number, string]>
  readonly #clear: Statement<[]>
  #waiting: { readonly seq: number; readonly workspace: string }[] = []

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT OR REPLACE INTO audit_workspace VALUES (?, ?)')
    this.#clear = db.prepare('DELETE FROM audit_workspace')
  }

  note({ seq, workspace }: Entry): void {
    if (workspace !== undefined) this.#waiting.push({ seq, workspace })
  }

  write(): void {
    for (const { seq, workspace } of this.#waiting) this.#insert.run(seq, workspace)
    this.#waiting = []
  }

  clear(): void {
    this.#clear.run()
    this.#waiting = []
  }
}
