import type { Alert, AlertState, NoteKind, Severity } from '../../shared/domain/alerts.ts'
import type { Database, Statement } from '../store/database.ts'

interface AlertRow {
  readonly id: string
  readonly rule: string
  readonly cause: string
  readonly severity: string
  readonly state: string
  readonly opened_at: number
  readonly since: number
  readonly acknowledged_at: number | null
  readonly resolved_at: number | null
  readonly resolved_by: string | null
  readonly escalated_at: number | null
  readonly returned: number
  readonly value: number
  readonly holds: number
  readonly told: string
}

export interface KeptAlert extends Alert {
  /** When it opened, or opened again last: from then on nobody answered. */
  readonly since: number
  /** What channels were told of it last. */
  readonly told: NoteKind
}

/** Alerts, open and past. They give no rights, so they are not sealed. */
export class AlertStore {
  readonly #save: Statement<[AlertRow]>
  readonly #get: Statement<[string], AlertRow>
  readonly #ongoing: Statement<[], AlertRow>
  readonly #latest: Statement<[string, string], AlertRow>
  readonly #list: Statement<[string, number], AlertRow>
  readonly #all: Statement<[number], AlertRow>
  readonly #erase: Statement<[number]>
  readonly #thin: Statement<[number]>

  constructor(private readonly db: Database) {
    this.#save = db.prepare(`
      INSERT INTO alert VALUES (@id, @rule, @cause, @severity, @state, @opened_at, @since, @acknowledged_at, @resolved_at,
        @resolved_by, @escalated_at, @returned, @value, @holds, @told)
      ON CONFLICT (id) DO UPDATE SET severity = @severity, state = @state, since = @since,
        acknowledged_at = @acknowledged_at, resolved_at = @resolved_at, resolved_by = @resolved_by,
        escalated_at = @escalated_at, returned = @returned, holds = @holds, told = @told`)
    this.#get = db.prepare('SELECT * FROM alert WHERE id = ?')
    this.#ongoing = db.prepare(`SELECT * FROM alert WHERE state <> 'resolved' OR holds = 1 ORDER BY opened_at`)
    this.#latest = db.prepare(
      'SELECT * FROM alert WHERE rule = ? AND cause = ? ORDER BY opened_at DESC, rowid DESC LIMIT 1',
    )
    this.#list = db.prepare('SELECT * FROM alert WHERE state = ? ORDER BY opened_at DESC, rowid DESC LIMIT ?')
    this.#all = db.prepare('SELECT * FROM alert ORDER BY opened_at DESC, rowid DESC LIMIT ?')
    this.#erase = db.prepare(`DELETE FROM alert WHERE state = 'resolved' AND holds = 0 AND resolved_at < ?`)
    this.#thin = db.prepare(`
      DELETE FROM alert WHERE id IN (
        SELECT id FROM alert WHERE state = 'resolved' AND holds = 0 ORDER BY opened_at DESC LIMIT -1 OFFSET ?)`)
  }

  save = (alert: KeptAlert): void => void this.#save.run(toRow(alert))

  get(id: string): KeptAlert | undefined {
    const row = this.#get.get(id)
    return row && toAlert(row)
  }

  /** Those that are not over, and those whose condition holds although the person called them resolved. */
  ongoing = (): KeptAlert[] => this.#ongoing.all().map(toAlert)

  /** The newest of a cause. */
  latest(rule: string, cause: string): KeptAlert | undefined {
    const row = this.#latest.get(rule, cause)
    return row && toAlert(row)
  }

  /** Newest first. */
  list = (state: AlertState | undefined, most: number): KeptAlert[] =>
    (state === undefined ? this.#all.all(most) : this.#list.all(state, most)).map(toAlert)

  /** What was over before then, and the oldest when there are more than so many. */
  sweep(before: number, most: number): void {
    this.#erase.run(before)
    this.#thin.run(most)
  }

  together = (work: () => void): void => this.db.transaction(work)()

  /** Whether what is saved now is kept together; within `together`, false when the database has undone it. */
  isTogether = (): boolean => this.db.inTransaction
}

function toRow(alert: KeptAlert): AlertRow {
  return {
    id: alert.id,
    rule: alert.rule,
    cause: alert.cause,
    severity: alert.severity,
    state: alert.state,
    opened_at: alert.openedAt,
    since: alert.since,
    acknowledged_at: alert.acknowledgedAt ?? null,
    resolved_at: alert.resolvedAt ?? null,
    resolved_by: alert.resolvedBy ?? null,
    escalated_at: alert.escalatedAt ?? null,
    returned: alert.returned,
    value: alert.value,
    holds: alert.holds ? 1 : 0,
    told: alert.told,
  }
}

function toAlert(row: AlertRow): KeptAlert {
  return {
    id: row.id,
    rule: row.rule,
    cause: row.cause,
    severity: row.severity as Severity,
    state: row.state as AlertState,
    openedAt: row.opened_at,
    since: row.since,
    ...(row.acknowledged_at === null ? {} : { acknowledgedAt: row.acknowledged_at }),
    ...(row.resolved_at === null ? {} : { resolvedAt: row.resolved_at }),
    ...(row.resolved_by === null ? {} : { resolvedBy: row.resolved_by as NonNullable<Alert['resolvedBy']> }),
    ...(row.escalated_at === null ? {} : { escalatedAt: row.escalated_at }),
    returned: row.returned,
    value: row.value,
    holds: row.holds === 1,
    told: row.told as NoteKind,
  }
}
