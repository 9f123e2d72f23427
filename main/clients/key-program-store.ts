import type { Program } from '../../shared/domain/call.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

interface KeyProgramRow {
  readonly token_id: string
  readonly executable: string
  readonly program: string
  readonly seal: string
}

/** Of a key that no program has used yet: what stands in place of the first. */
const noneYet = ''

/** Which programs used which API key. A row whose seal fails counts as absent and is reported. */
export class KeyProgramStore {
  readonly #save: Statement<[KeyProgramRow]>
  readonly #of: Statement<[string], KeyProgramRow>
  readonly #begun: Statement<[string, string]>

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly onTampered: (id: string) => void,
  ) {
    this.#save = db.prepare(`
      INSERT INTO key_program SELECT @token_id, @executable, @program, @seal
        WHERE EXISTS (SELECT 1 FROM client_token WHERE id = @token_id)
      ON CONFLICT (token_id, executable) DO UPDATE SET program = @program, seal = @seal`)
    this.#begun = db.prepare('DELETE FROM key_program WHERE token_id = ? AND executable = ?')
    this.#of = db.prepare('SELECT * FROM key_program WHERE token_id = ? ORDER BY rowid')
  }

  /** The key is new: whatever uses it first, is the first. A key of which nothing is known at all has lost what was. */
  expectFirst = (tokenId: string): void => this.#put(tokenId, noneYet, 'null')

  /** Nothing, for a key that was revoked meanwhile. */
  save(tokenId: string, program: Program): void {
    this.#put(tokenId, program.executable, JSON.stringify(program))
    this.#begun.run(tokenId, noneYet)
  }

  /** In the order they came. */
  of = (tokenId: string): Program[] =>
    this.#sound(tokenId).flatMap(({ executable, program }) =>
      executable === noneYet ? [] : [JSON.parse(program) as Program],
    )

  /** Whether it is certain that no program has used it. */
  awaitsFirst = (tokenId: string): boolean => {
    const [row, ...more] = this.#sound(tokenId)
    return row?.executable === noneYet && more.length === 0
  }

  #put(token_id: string, executable: string, program: string): void {
    const row = { token_id, executable, program }
    this.#save.run({ ...row, seal: this.rowSeal.seal('key_program', row) })
  }

  #sound = (tokenId: string) =>
    this.#of.all(tokenId).flatMap(({ seal, ...row }) => {
      if (this.rowSeal.holds('key_program', row, seal)) return [row]
      this.onTampered(row.token_id)
      return []
    })
}
