import type { Database, Statement } from '../store/database.ts'

/** A start of a server that was given a secret, or a session whose calls it was leased for. */
export interface SecretUse {
  readonly server: string
  readonly name: string
  /** Which of its values. */
  readonly version: number
  /** Absent: the server was started. */
  readonly session?: string
  readonly firstAt: number
  readonly lastAt: number
  readonly times: number
}

const keptMs = 90 * 24 * 3_600_000
const mostRows = 20_000

type Row = Omit<SecretUse, 'session' | 'firstAt' | 'lastAt'> & {
  readonly session: string | null
  readonly first_at: number
  readonly last_at: number
}

/** Owner of the table `secret_use`: which start and which session a secret was used for, never its value. */
export class SecretUses {
  readonly #again: Statement<[Row]>
  readonly #add: Statement<[Row]>
  readonly #of: Statement<[string, string | null, number], Row>
  readonly #forgetOld: Statement<[number]>
  readonly #trim: Statement<[number]>
  readonly #forget: Statement<[string, string]>
  readonly #waiting = new Map<string, Row>()

  constructor(private readonly db: Database) {
    this.#again = db.prepare(`UPDATE secret_use SET last_at = @last_at, times = times + @times
      WHERE server = @server AND name = @name AND version = @version AND session = @session`)
    this.#add = db.prepare(
      'INSERT INTO secret_use VALUES (@server, @name, @version, @session, @first_at, @last_at, @times)',
    )
    this.#of = db.prepare(`SELECT * FROM secret_use WHERE server = ? AND name = coalesce(?, name)
      ORDER BY last_at DESC, rowid DESC LIMIT ?`)
    this.#forgetOld = db.prepare('DELETE FROM secret_use WHERE last_at < ?')
    this.#trim = db.prepare(
      'DELETE FROM secret_use WHERE rowid IN (SELECT rowid FROM secret_use ORDER BY last_at DESC LIMIT -1 OFFSET ?)',
    )
    this.#forget = db.prepare('DELETE FROM secret_use WHERE server = ? AND name = ?')
  }

  /** Counted in memory until `save`: a call costs no write. */
  note(server: string, name: string, version: number, session: string | undefined, at: number): void {
    const key = session === undefined ? `${server} ${name} start ${at}` : `${server} ${name} ${version} ${session}`
    const known = this.#waiting.get(key)
    this.#waiting.set(key, {
      ...{ server, name, version, session: session ?? null },
      first_at: known?.first_at ?? at,
      last_at: at,
      times: (known?.times ?? 0) + 1,
    })
  }

  save(now: number): void {
    if (this.#waiting.size === 0) return
    this.db.transaction(() => {
      for (const row of this.#waiting.values())
        if (row.session === null || this.#again.run(row).changes === 0) this.#add.run(row)
      this.#forgetOld.run(now - keptMs)
      this.#trim.run(mostRows)
    })()
    this.#waiting.clear()
  }

  /** Latest first. @param name of one secret; of all of its server without it */
  list(server: string, name: string | undefined, limit: number): SecretUse[] {
    return this.#of.all(server, name ?? null, limit).map(({ session, first_at, last_at, ...row }) => ({
      ...row,
      ...(session === null ? {} : { session }),
      firstAt: first_at,
      lastAt: last_at,
    }))
  }

  forget(server: string, name: string): void {
    for (const [key, row] of this.#waiting) if (row.server === server && row.name === name) this.#waiting.delete(key)
    this.#forget.run(server, name)
  }
}
