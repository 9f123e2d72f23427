import type { OwnWord } from '../../shared/domain/filters.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

interface Row {
  readonly id: string
  readonly content: string
  readonly seal: string
}

/** Owner of the table `filter_word`. What is looked for may itself be private, so it is encrypted; a row says only that it is there. */
export class OwnWordStore {
  readonly #all: Statement<[], Row>
  readonly #put: Statement<[string, string, string]>
  readonly #remove: Statement<[string]>

  constructor(
    db: Database,
    private readonly seal: RowSeal,
    private readonly cipher: FieldCipher,
    private readonly onForged: () => void = () => {},
  ) {
    this.#all = db.prepare('SELECT id, content, seal FROM filter_word ORDER BY rowid')
    this.#put = db.prepare('INSERT INTO filter_word VALUES (?, ?, ?)')
    this.#remove = db.prepare('DELETE FROM filter_word WHERE id = ?')
  }

  /** Without those that were changed outside Gatehouse, which are reported. */
  all = (): readonly OwnWord[] => this.#all.all().flatMap((row) => this.#opened(row) ?? [])

  put(word: OwnWord): void {
    const content = this.cipher.seal(Buffer.from(JSON.stringify(word)), purposeOf(word.id))
    this.#put.run(word.id, content, this.seal.seal('filter_word', { id: word.id, content }))
  }

  /** @returns false when there is none */
  remove = (id: string): boolean => this.#remove.run(id).changes === 1

  /** Ids of those that were changed outside Gatehouse. One whose key is gone, after a restored backup, was not. */
  forged = (): string[] =>
    this.#all
      .all()
      .filter((row) => !this.#holds(row))
      .map(({ id }) => id)

  dropForged(): void {
    for (const id of this.forged()) this.remove(id)
  }

  #opened(row: Row): OwnWord | undefined {
    const word = this.#genuine(row)
    if (word === undefined) this.onForged()
    return word
  }

  #holds = ({ id, content, seal }: Row): boolean => this.seal.holds('filter_word', { id, content }, seal)

  #genuine(row: Row): OwnWord | undefined {
    try {
      if (this.#holds(row)) return JSON.parse(this.cipher.open(row.content, purposeOf(row.id)).toString()) as OwnWord
    } catch {
      // its key is gone, or it is no box: reported like a changed one
    }
    return undefined
  }
}

const purposeOf = (id: string) => `filter-word:${id}`
