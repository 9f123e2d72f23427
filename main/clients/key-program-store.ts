import type { Program } from '../../shared/domain/call.ts'
import type { Database, Statement } from '../store/database.ts'
import type { RowSeal } from '../store/row-seal.ts'

interface KeyProgramRow {
  readonly token_id: string
  readonly executable: string
  readonly program: string
  readonly seal: string
}

/** Which programs used which API key. A row whose seal fails counts as absent and is reported. */
export class KeyProgramStore {
  readonly #save: Statement<[KeyProgramRow]>
  readonly #of: Statement<[string], KeyProgramRow>

  constructor(
    db: Database,
    private readonly rowSeal: RowSeal,
    private readonly onTampered: (id: string) => void,
  ) {
    this.#save = db.prepare(`
      INSERT INTO key_program SELECT @token_id, @executable, @program, @seal
        WHERE EXISTS (SELECT 1 FROM client_token WHERE id = @token_id)
      ON CONFLICT (token_id, executable) DO UPDATE SET program = @program, seal = @seal`)
    this.#of = db.prepare('SELECT * FROM key_program WHERE token_id = ? ORDER BY rowid')
  }

  /** Nothing, for a key that was revoked meanwhile. */
  save(tokenId: string, program: Program): void {
    const row = { token_id: tokenId, executable: program.executable, program: JSON.stringify(program) }
    this.#save.run({ ...row, seal: this.rowSeal.seal('key_program', row) })
  }

  /** In the order they came. */
  of = (tokenId: string): Program[] =>
    this.#of.all(tokenId).flatMap(({ seal, ...row }) => {
      if (this.rowSeal.holds('key_program', row, seal)) return [JSON.parse(row.program) as Program]
      this.onTampered(row.token_id)
      return []
    })
}
