import type { Delivery, NoteKind } from '../../shared/domain/alerts.ts'
import type { Database, Statement } from '../store/database.ts'

interface DeliveryRow {
  readonly id: number
  readonly alert: string
  readonly channel: string
  readonly note: string
  readonly state: string
  readonly tries: number
  readonly due_at: number
  readonly problem: string | null
}

/** How a channel does, of what it is yet to be told or could not be told. */
export interface ChannelBacklog {
  readonly due: number
  readonly dead: number
  /** Of the latest that failed. */
  readonly problem?: string
}

/** What channels are to be told, and how far that is. It survives restarts; nothing leaves it untold but with its alert. */
export class DeliveryStore {
  readonly #add: Statement<[string, string, string, number]>
  readonly #due: Statement<[string, number], DeliveryRow>
  readonly #next: Statement<[string], number | null>
  readonly #end: Statement<[string, number, number, string | null, number]>
  readonly #of: Statement<[string], DeliveryRow>
  readonly #backlog: Statement<[], { channel: string; due: number; dead: number }>
  readonly #problem: Statement<[string], string | null>
  readonly #again: Statement<[number, string]>
  readonly #drop: Statement<[string]>

  constructor(db: Database) {
    this.#add = db.prepare(`INSERT INTO alert_delivery VALUES (NULL, ?, ?, ?, 'due', 0, ?, NULL)`)
    // What a channel is told of one alert keeps its order: the next waits for the one before.
    const inTurn = `state = 'due' AND channel = ? AND NOT EXISTS (
      SELECT 1 FROM alert_delivery AS before WHERE before.state = 'due' AND before.id < one.id
        AND before.alert = one.alert AND before.channel = one.channel)`
    this.#due = db.prepare(`SELECT * FROM alert_delivery AS one WHERE ${inTurn} AND due_at <= ? ORDER BY id LIMIT 1`)
    this.#next = db
      .prepare<[string], number | null>(`SELECT min(due_at) FROM alert_delivery AS one WHERE ${inTurn}`)
      .pluck() as Statement<[string], number | null>
    this.#end = db.prepare('UPDATE alert_delivery SET state = ?, tries = ?, due_at = ?, problem = ? WHERE id = ?')
    this.#of = db.prepare('SELECT * FROM alert_delivery WHERE alert = ? ORDER BY id')
    this.#backlog = db.prepare(`
      SELECT channel, sum(state = 'due') AS due, sum(state = 'dead') AS dead FROM alert_delivery
      WHERE state <> 'sent' GROUP BY channel`)
    this.#problem = db
      .prepare<[string], string | null>(
        `SELECT problem FROM alert_delivery WHERE channel = ? AND state <> 'sent' AND problem IS NOT NULL
         ORDER BY id DESC LIMIT 1`,
      )
      .pluck() as Statement<[string], string | null>
    this.#again = db.prepare(
      `UPDATE alert_delivery SET state = 'due', tries = 0, due_at = ? WHERE channel = ? AND state <> 'sent'`,
    )
    this.#drop = db.prepare(`DELETE FROM alert_delivery WHERE channel = ? AND state <> 'sent'`)
  }

  add = (alert: string, channel: string, note: NoteKind, at: number): void =>
    void this.#add.run(alert, channel, note, at)

  /** What a channel is to be told first of what is due. */
  due(channel: string, now: number): Delivery | undefined {
    const row = this.#due.get(channel, now)
    return row && toDelivery(row)
  }

  /** When a channel is to be told something next. */
  nextDueAt = (channel: string): number | undefined => this.#next.get(channel) ?? undefined

  sent = ({ id, tries, dueAt }: Delivery): void => void this.#end.run('sent', tries + 1, dueAt, null, id)

  failed = ({ id, tries }: Delivery, again: { readonly at: number } | undefined, problem: string): void =>
    void this.#end.run(again ? 'due' : 'dead', tries + 1, again?.at ?? 0, problem, id)

  of = (alert: string): Delivery[] => this.#of.all(alert).map(toDelivery)

  backlog(): ReadonlyMap<string, ChannelBacklog> {
    const rows = this.#backlog.all().map(({ channel, due, dead }) => {
      const problem = this.#problem.get(channel)
      return [channel, { due, dead, ...(problem ? { problem } : {}) }] as const
    })
    return new Map(rows)
  }

  /** Everything a channel was not told yet is due at once. @returns how much that is */
  again = (channel: string, at: number): number => this.#again.run(at, channel).changes

  /** A channel that is gone is told nothing. */
  drop = (channel: string): void => void this.#drop.run(channel)
}

function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    alert: row.alert,
    channel: row.channel,
    note: row.note as NoteKind,
    state: row.state as Delivery['state'],
    tries: row.tries,
    dueAt: row.due_at,
    ...(row.problem === null ? {} : { problem: row.problem }),
  }
}
