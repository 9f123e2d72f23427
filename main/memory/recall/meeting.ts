import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../../shared/domain/json.ts'
import type { RecallFilter } from '../../../shared/domain/memory.ts'
import type { Database } from '../../store/database.ts'
import { labelBits } from '../rows.ts'

/** A condition on a row of `concept`, as SQL with the values of its parameters. */
export interface Condition {
  readonly sql: string
  readonly values: Readonly<Record<string, string | number>>
}

/** What a filter lets through: all of it when that is little, else how SQL tells it, and about which share of all it is. */
export type Meeting =
  | { readonly kind: 'few'; readonly ids: readonly number[] }
  | { readonly kind: 'many'; readonly condition: Condition; readonly share: number }

/** Comparing so many one by one takes less time than choosing among all. */
const fewAtMost = 1_500

/** So many concepts are looked at to tell the share. */
const sampled = 200

/** SQLite compares values of one kind; lists and objects are compared as JavaScript does. */
const sameJson = 'same_json'

/** Makes what conditions need known to a database. */
export function preparedForFilters(db: Database): void {
  db.function(sameJson, { deterministic: true }, (a, b) =>
    isDeepStrictEqual(JSON.parse(String(a)), JSON.parse(String(b))) ? 1 : 0,
  )
}

/** The same as `filterOf`, for SQLite to look at. */
export function conditionOf(filter: RecallFilter): Condition {
  const values: Record<string, string | number> = {}
  const parts: string[] = []
  const bound = (value: string | number): string => {
    const name = `f${Object.keys(values).length}`
    values[name] = value
    return `@${name}`
  }
  const oneOf = (list: readonly string[]) => `IN (SELECT value FROM json_each(${bound(JSON.stringify(list))}))`
  const { types, sources, clients, withoutLabels = [], attributes = {}, minConfidence } = filter
  if (types) parts.push(`concept.type ${oneOf(types)}`)
  if (sources) parts.push(`concept.source ${oneOf(sources)}`)
  if (withoutLabels.length > 0) parts.push(`concept.labels & ${bound(labelBits(withoutLabels))} = 0`)
  if (minConfidence !== undefined) parts.push(`concept.confidence >= ${bound(minConfidence)}`)
  for (const [column, from, to] of [
    ['created_at', filter.createdFrom, filter.createdTo],
    ['updated_at', filter.updatedFrom, filter.updatedTo],
  ] as const) {
    if (from !== undefined) parts.push(`concept.${column} >= ${bound(from)}`)
    if (to !== undefined) parts.push(`concept.${column} <= ${bound(to)}`)
  }
  if (clients) {
    const theirs = `IN (SELECT id FROM write WHERE client ${oneOf(clients)})`
    parts.push(`(concept.created_by ${theirs} OR concept.updated_by ${theirs})`)
  }
  for (const [name, value] of Object.entries(attributes))
    parts.push(`EXISTS (SELECT 1 FROM json_each(concept.attributes) AS held
      WHERE held.key = ${bound(name)} AND ${valueIs(value, bound)})`)
  return { sql: parts.length > 0 ? parts.join(' AND ') : 'true', values }
}

function valueIs(value: Json, bound: (value: string | number) => string): string {
  if (value === null) return "held.type = 'null'"
  if (typeof value === 'boolean') return `held.type = '${value}'`
  if (typeof value === 'string') return `held.type = 'text' AND held.atom = ${bound(value)}`
  if (typeof value === 'number') return `held.type IN ('integer', 'real') AND held.atom = ${bound(value)}`
  const kind = Array.isArray(value) ? 'array' : 'object'
  return `held.type = '${kind}' AND ${sameJson}(held.value, ${bound(JSON.stringify(value))})`
}

export function meetingOf(db: Database, filter: RecallFilter, few = fewAtMost): Meeting {
  const condition = conditionOf(filter)
  const ids = db
    .prepare<[Condition['values']], number>(`SELECT id FROM concept WHERE ${condition.sql} LIMIT ${few + 1}`)
    .pluck()
    .all(condition.values)
  return ids.length <= few ? { kind: 'few', ids } : { kind: 'many', condition, share: shareOf(db, condition) }
}

/** Of these concepts, those that meet it. */
export const meetingAmong = (db: Database, { sql, values }: Condition, ids: readonly number[]): number[] =>
  db
    .prepare<[object], number>(`
      SELECT concept.id FROM json_each(@ids) AS one CROSS JOIN concept ON concept.id = one.value WHERE ${sql}`)
    .pluck()
    .all({ ...values, ids: JSON.stringify(ids) })

function shareOf(db: Database, condition: Condition): number {
  const last = db.prepare<[], number>('SELECT max(id) FROM concept').pluck().get() ?? 0
  const ids = [...new Set(Array.from({ length: sampled }, (_, at) => Math.ceil(((at + 1) * last) / sampled)))]
  const all = meetingAmong(db, { sql: 'true', values: {} }, ids).length
  return all === 0 ? 0 : meetingAmong(db, condition, ids).length / all
}
