import type { ClientId, EpochMs } from '../../shared/domain/ids.ts'
import type { AllowScope } from '../../shared/domain/verdict.ts'
import type { Database, Statement } from '../store/database.ts'
import { isMark } from './shared-values.ts'

/** How a question about a call ended: how far it was allowed, or that it was not. */
export type CountedAnswer = AllowScope | 'denied' | 'expired'

export interface Answered {
  readonly clientId: ClientId
  readonly client: string
  readonly workspace: string
  readonly server: string
  readonly entry: string
  /** Folder and hosts it was about. */
  readonly places: readonly string[]
  readonly answer: CountedAnswer
  /** Calls it released at once. */
  readonly count: number
  readonly at: EpochMs
}

export interface AnswerCount {
  readonly client: string
  readonly workspace: string
  readonly server: string
  readonly tool: string
  readonly place?: string
  readonly answer: CountedAnswer
  readonly count: number
  readonly firstAt: EpochMs
  readonly lastAt: EpochMs
}

/** What the person answered about one entry of one client so far. */
export interface AnswersSoFar {
  readonly allowed: number
  readonly denied: number
  /** Allowed and denied, by folder and host. */
  readonly places: ReadonlyMap<string, { readonly allowed: number; readonly denied: number }>
}

interface Row {
  readonly client: string
  readonly workspace: string
  readonly server: string
  readonly entry: string
  readonly place: string
  readonly answer: string
  readonly count: number
  readonly first_at: number
  readonly last_at: number
}

/** Enough for years; the least recently used are let go. */
const mostRows = 20_000

/**
 * How often the person answered what, by client, tool and place. It gives no right: it raises or explains a risk, and lets
 * a wider answer be offered, which the person still has to give. So its rows need no seal.
 */
export class AnswerStore {
  readonly #count: Statement<[Record<string, string | number>]>
  readonly #of: Statement<[string, string], Pick<Row, 'place' | 'answer' | 'count'>>
  readonly #all: Statement<[number], Row>
  readonly #trim: Statement<[number]>
  readonly #forget: Statement<[string]>
  readonly #places: Statement<[], { readonly place: string }>
  readonly #forgetPlace: Statement<[string]>
  readonly #known = new Map<string, AnswersSoFar>()

  constructor(private readonly db: Database) {
    this.#count = db.prepare(`
      INSERT INTO answer_count VALUES (@client_id, @client, @workspace, @server, @entry, @place, @answer, @count, @at, @at)
      ON CONFLICT DO UPDATE SET count = count + excluded.count, last_at = excluded.last_at`)
    this.#of = db.prepare('SELECT place, answer, count FROM answer_count WHERE client_id = ? AND entry = ?')
    this.#all = db.prepare('SELECT * FROM answer_count ORDER BY last_at DESC LIMIT ?')
    this.#trim = db.prepare(
      'DELETE FROM answer_count WHERE rowid IN (SELECT rowid FROM answer_count ORDER BY last_at DESC LIMIT -1 OFFSET ?)',
    )
    this.#forget = db.prepare('DELETE FROM answer_count WHERE client_id = ?')
    this.#places = db.prepare("SELECT DISTINCT place FROM answer_count WHERE place <> ''")
    this.#forgetPlace = db.prepare('DELETE FROM answer_count WHERE place = ?')
  }

  /** Counted once for the tool as a whole (place ``) and once for each place. */
  note({ clientId, client, workspace, server, entry, places, answer, count, at }: Answered): void {
    const known = { client_id: clientId, client, workspace, server, entry, answer, count, at }
    this.db.transaction(() => {
      for (const place of ['', ...new Set(places)]) this.#count.run({ ...known, place })
      this.#trim.run(mostRows)
    })()
    this.#known.delete(`${clientId} ${entry}`)
  }

  of(client: ClientId, entry: string): AnswersSoFar {
    const key = `${client} ${entry}`
    const found = this.#known.get(key) ?? summed(this.#of.all(client, entry))
    if (this.#known.size > 1000) this.#known.clear()
    this.#known.set(key, found)
    return found
  }

  /** Latest first; those about values say nothing to anybody. */
  all(limit: number): AnswerCount[] {
    const rows = this.#all.all(limit).filter(({ place }) => !isMark(place))
    return rows.map(({ entry, place, answer, first_at, last_at, ...row }) => ({
      client: row.client,
      workspace: row.workspace,
      server: row.server,
      tool: entry,
      ...(place === '' ? {} : { place }),
      answer: answer as CountedAnswer,
      count: row.count,
      firstAt: first_at as EpochMs,
      lastAt: last_at as EpochMs,
    }))
  }

  /** Folders and hosts answers were counted for; those of values are keyed sums. */
  places = (): string[] => this.#places.all().flatMap(({ place }) => (isMark(place) ? [] : place))

  /** Answers about a folder or host are counted no more. @returns how many counts went */
  forgetPlace(place: string): number {
    this.#known.clear()
    return this.#forgetPlace.run(place).changes
  }

  /** A client that is gone takes its history along. */
  forget(client: ClientId): void {
    this.#forget.run(client)
    this.#known.clear()
  }
}

function summed(rows: readonly Pick<Row, 'place' | 'answer' | 'count'>[]): AnswersSoFar {
  const places = new Map<string, { allowed: number; denied: number }>()
  for (const { place, answer, count } of rows) {
    if (answer === 'expired') continue
    const sum = places.get(place) ?? { allowed: 0, denied: 0 }
    sum[answer === 'denied' ? 'denied' : 'allowed'] += count
    places.set(place, sum)
  }
  const all = places.get('') ?? { allowed: 0, denied: 0 }
  places.delete('')
  return { ...all, places }
}
