import type { EpochMs, WorkspaceName } from '../../shared/domain/ids.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

export interface WorkspaceRecord {
  readonly name: WorkspaceName
  readonly createdAt: EpochMs
}

interface Row {
  readonly name: string
  readonly created_at: number
  readonly seal: string
}

/** Workspaces on disk. A row whose seal fails is no workspace. */
export class WorkspaceStore {
  readonly #all: Statement<[], Row>
  readonly #add: Statement<[string, number, string]>
  readonly #remove: Statement<[string]>

  constructor(
    db: Database,
    private readonly seal: RowSeal,
    private readonly onTampered: (name: string) => void,
  ) {
    this.#all = db.prepare('SELECT * FROM workspace ORDER BY created_at, name')
    this.#add = db.prepare('INSERT INTO workspace VALUES (?, ?, ?)')
    this.#remove = db.prepare('DELETE FROM workspace WHERE name = ?')
  }

  all(): WorkspaceRecord[] {
    return this.#all.all().flatMap(({ name, created_at, seal }) => {
      if (this.seal.holds('workspace', { name, created_at }, seal))
        return [{ name: name as WorkspaceName, createdAt: created_at as EpochMs }]
      this.onTampered(name)
      return []
    })
  }

  add({ name, createdAt }: WorkspaceRecord): void {
    this.#add.run(name, createdAt, this.seal.seal('workspace', { name, created_at: createdAt }))
  }

  remove = (name: WorkspaceName): void => void this.#remove.run(name)
}
