import type { SentOut, SourceRead } from '../../shared/domain/flow.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import type { Database, Statement } from '../store/database.ts'
import type { SecretPrint } from './secret-prints.ts'

/** What was read, the prints of a secret that was, or what went out. */
export type KeptRead = SourceRead | { readonly prints: readonly SecretPrint[] } | { readonly sent: SentOut }

/**
 * Owner of the table `session_read`: what sessions read and sent, so that labels last as long as their session, also over a
 * restart; of secrets only prints. All of it is encrypted; a box that does not open belongs to nobody and is reported.
 */
export class ReadsStore {
  readonly #all: Statement<[], { session_id: string; content: string }>
  readonly #add: Statement<[string, string]>
  readonly #forget: Statement<[string]>
  readonly #rows: Statement<[], { place: number; session_id: string; content: string }>
  readonly #change: Statement<[string, number]>

  constructor(
    db: Database,
    private readonly cipher: FieldCipher,
  ) {
    this.#all = db.prepare('SELECT session_id, content FROM session_read ORDER BY rowid')
    this.#add = db.prepare('INSERT INTO session_read (session_id, content) VALUES (?, ?)')
    this.#forget = db.prepare('DELETE FROM session_read WHERE session_id = ?')
    this.#rows = db.prepare('SELECT rowid AS place, session_id, content FROM session_read ORDER BY rowid')
    this.#change = db.prepare('UPDATE session_read SET content = ? WHERE rowid = ?')
  }

  /** Of every session; `undefined` for what was changed outside Gatehouse. */
  all(): readonly { readonly session: SessionId; readonly kept: KeptRead | undefined }[] {
    return this.#all.all().map(({ session_id, content }) => ({
      session: session_id as SessionId,
      kept: this.#opened(session_id, content),
    }))
  }

  add(session: SessionId, kept: KeptRead): void {
    this.#add.run(session, this.cipher.seal(Buffer.from(JSON.stringify(kept)), purposeOf(session)))
  }

  forget(session: SessionId): void {
    this.#forget.run(session)
  }

  /** Writes each record that `change` makes another one of. @returns how many */
  rewrite(change: (kept: KeptRead) => KeptRead): number {
    let count = 0
    for (const { place, session_id, content } of this.#rows.all()) {
      const kept = this.#opened(session_id, content)
      const changed = kept && change(kept)
      if (changed === undefined || changed === kept) continue
      this.#change.run(
        this.cipher.seal(Buffer.from(JSON.stringify(changed)), purposeOf(session_id as SessionId)),
        place,
      )
      count += 1
    }
    return count
  }

  #opened(session: string, content: string): KeptRead | undefined {
    try {
      return JSON.parse(this.cipher.open(content, purposeOf(session)).toString()) as KeptRead
    } catch {
      return undefined
    }
  }
}

const purposeOf = (session: string) => `session-read:${session}`
