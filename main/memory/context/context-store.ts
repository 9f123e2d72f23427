import type { ContentLabel } from '../../../shared/domain/flow.ts'
import type { EpochMs, SessionId } from '../../../shared/domain/ids.ts'
import type { SessionContext } from '../../../shared/domain/session-context.ts'
import type { Database, Statement } from '../../store/database.ts'
import { labelBits, labelsOf } from '../rows.ts'
import type { WindowRow } from './recall-window.ts'

interface ContextRow {
  readonly session: string
  readonly client: string
  readonly goals: string
  readonly task: string
  readonly tags: string
  readonly turn: number
  readonly history: string
  readonly labels: number
  readonly set_by: string
  readonly updated_at: number
}
export interface KeptContext {
  readonly context: SessionContext
  /** Whose session it is, or `window`, `cli`: erased with what this one brought. */
  readonly client: string
}

/** What sessions are about, and what they recalled: numbers of concepts, never what is known of them. */
export class ContextStore {
  readonly #one: Statement<[string], ContextRow>
  readonly #put: Statement<[ContextRow]>
  readonly #drop: Statement<[string]>
  readonly #old: Statement<[number], { session: string }>
  readonly #window: Statement<[string], WindowRow>
  readonly #hold: Statement<[WindowRow & { session: string }]>
  readonly #empty: Statement<[string]>

  constructor(db: Database) {
    this.#one = db.prepare('SELECT * FROM session_context WHERE session = ?')
    this.#put = db.prepare(`
      INSERT OR REPLACE INTO session_context
      VALUES (@session, @client, @goals, @task, @tags, @turn, @history, @labels, @set_by, @updated_at)`)
    this.#drop = db.prepare('DELETE FROM session_context WHERE session = ?')
    this.#old = db.prepare(`
      SELECT session FROM (
        SELECT session, updated_at AS at FROM session_context UNION ALL SELECT session, used_at FROM recalled
      ) GROUP BY session HAVING max(at) < ?`)
    this.#window = db.prepare('SELECT * FROM recalled WHERE session = ?')
    this.#hold = db.prepare(
      'INSERT INTO recalled VALUES (@session, @concept, @entered, @used, @used_at, @uses, @importance)',
    )
    this.#empty = db.prepare('DELETE FROM recalled WHERE session = ?')
  }

  get(session: SessionId): SessionContext | undefined {
    const row = this.#one.get(session)
    return row && toContext(row)
  }

  put({ context, client }: KeptContext): void {
    const { session, goals, task = '', tags, turn, history, labels, setBy, updatedAt } = context
    const lists = { goals: JSON.stringify(goals), tags: JSON.stringify(tags), history: JSON.stringify(history) }
    this.#put.run({
      session,
      client,
      task,
      turn,
      ...lists,
      labels: labelBits(labels),
      set_by: setBy,
      updated_at: updatedAt,
    })
  }

  window = (session: SessionId): WindowRow[] => this.#window.all(session)
  hold(session: SessionId, rows: readonly WindowRow[]): void {
    this.#empty.run(session)
    for (const { concept, entered, used, used_at, uses, importance } of rows)
      this.#hold.run({ session, concept, entered, used, used_at, uses, importance })
  }

  drop(session: string): void {
    this.#drop.run(session)
    this.#empty.run(session)
  }

  /** Those nothing happened in since. */
  olderThan = (at: number): string[] => this.#old.all(at).map(({ session }) => session)
}

const toContext = (row: ContextRow): SessionContext => ({
  session: row.session as SessionId,
  goals: JSON.parse(row.goals),
  ...(row.task === '' ? {} : { task: row.task }),
  tags: JSON.parse(row.tags),
  turn: row.turn,
  history: JSON.parse(row.history),
  labels: labelsOf(row.labels) as ContentLabel[],
  setBy: row.set_by,
  updatedAt: row.updated_at as EpochMs,
})
