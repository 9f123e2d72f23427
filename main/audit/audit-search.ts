import type { z } from 'zod'
import type { auditFacets, auditFilter } from '../../shared/contract/audit.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import type { Database } from '../store/database.ts'
import type { EntryRow } from './index-row.ts'

export type AuditFilter = z.output<typeof auditFilter>
export type AuditFacets = z.output<typeof auditFacets>

/** More than so many are not counted: nobody reads them, and counting a million takes longer than showing a hundred. */
const mostCounted = 10_000
const facetFields = ['category', 'severity', 'decision', 'client', 'server', 'action'] as const
type FacetField = (typeof facetFields)[number]
const valuesShown = 30
/** What nearly all entries have, and the indexes leave out. */
const usual: Partial<Record<FacetField | 'session', readonly string[]>> = {
  severity: ['info'],
  decision: ['allow'],
  category: ['tool_execution'],
  action: ['tools/call', 'intent'],
}

interface Query {
  readonly from: string
  readonly conditions: readonly string[]
  readonly values: readonly (string | number)[]
}

/** Questions to the audit index: exact filters, full text, and how many there are of each kind. */
export class AuditSearch {
  constructor(private readonly db: Database) {}

  /** Newest first. `total` stops at 10 000; `more` says that there are more. */
  list(filter: AuditFilter): { rows: EntryRow[]; total: number; more: boolean } {
    const query = this.#query(filter)
    const counted = this.#count(query)
    const before = filter.before === undefined ? [] : [filter.before]
    const conditions = [...query.conditions, ...(before.length > 0 ? ['e.seq < ?'] : [])]
    const order = query.from.startsWith('audit_text') ? 't.rowid' : 'e.seq'
    const rows = this.db
      .prepare<unknown[], EntryRow>(`SELECT e.* FROM ${query.from} ${where(conditions)} ORDER BY ${order} DESC LIMIT ?`)
      .all(...query.values, ...before, filter.limit)
    return { rows, total: Math.min(counted, mostCounted), more: counted > mostCounted }
  }

  /** How many entries there are of each kind: of all, exactly; of those that a filter finds, among the newest 10 000. */
  facets(filter: AuditFilter): AuditFacets {
    const query = this.#query(filter)
    if (query.conditions.length === 0) return { facets: this.#known(), exact: true }
    const { from, conditions, values } = query
    const order = from.startsWith('audit_text') ? 't.rowid' : 'e.seq'
    const columns = facetFields.map((field) => `e.${field}`).join(', ')
    const found = this.db
      .prepare<unknown[], Record<FacetField, string | null>>(
        `SELECT ${columns} FROM ${from} ${where(conditions)} ORDER BY ${order} DESC LIMIT ${mostCounted + 1}`,
      )
      .all(...values)
    return { facets: tallied(found.slice(0, mostCounted)), exact: found.length <= mostCounted }
  }

  #known(): AuditFacets['facets'] {
    const rows = this.db.prepare<[string], { value: string; count: number }>(
      `SELECT value, n AS count FROM audit_facet WHERE field = ? ORDER BY n DESC, value LIMIT ${valuesShown}`,
    )
    return Object.fromEntries(facetFields.map((field) => [field, rows.all(field)])) as AuditFacets['facets']
  }

  #count({ from, conditions, values }: Query): number {
    if (conditions.length === 0) {
      const all = this.db.prepare<[], number>(`SELECT coalesce(sum(n), 0) FROM audit_facet WHERE field = 'category'`)
      return all.pluck().get() ?? 0
    }
    const some = this.db.prepare<unknown[], number>(
      `SELECT count(*) FROM (SELECT 1 FROM ${from} ${where(conditions)} LIMIT ${mostCounted + 1})`,
    )
    return some.pluck().get(...values) ?? 0
  }

  #query(filter: AuditFilter): Query {
    const conditions: string[] = []
    const values: (string | number)[] = []
    const also = (condition: string, value: string | number | undefined) => {
      if (value === undefined || value === '') return
      conditions.push(condition)
      values.push(value)
    }
    const words = filter.text ? wordsIn(filter.text) : []
    const exact = (['client', 'server', 'decision', 'action', 'category', 'severity', 'session'] as const).flatMap(
      (field) => (filter[field] ? [[field, filter[field]] as const] : []),
    )
    if (words.length > 0) also('audit_text MATCH ?', matching(words, exact))
    for (const [field, value] of exact) {
      also(`e.${field} = ?`, value)
      const common = usual[field] ?? []
      if (!common.includes(value)) for (const one of common) conditions.push(`e.${field} <> '${one}'`) // lets its index be used
    }
    if (filter.workspace) also(inWorkspace(filter.workspace), filter.workspace)
    if (filter.since !== undefined) also('e.seq >= ?', this.#firstSince(filter.since))
    if (filter.until !== undefined) also('e.seq < ?', this.#firstSince(filter.until))
    const from = words.length > 0 ? 'audit_text AS t JOIN audit_entry AS e ON e.seq = t.rowid' : 'audit_entry AS e'
    return { from, conditions, values }
  }

  /** Entries come in the order of time, so the first since a moment is found by halving. */
  #firstSince(time: number): number {
    const at = this.db.prepare<[number], { seq: number; time: number }>(
      'SELECT seq, time FROM audit_entry WHERE seq >= ? ORDER BY seq LIMIT 1',
    )
    let low = 1
    let high = (this.db.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM audit_entry').pluck().get() ?? 0) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = at.get(middle)
      if (row && row.time < time) low = row.seq + 1
      else high = middle
    }
    return low
  }
}

/** Nearly all entries are of the default workspace; of another they are few. */
const inWorkspace = (name: string) =>
  name === defaultWorkspace
    ? 'EXISTS (SELECT 1 FROM audit_workspace AS w WHERE w.seq = e.seq AND w.workspace = ?)'
    : 'e.seq IN (SELECT seq FROM audit_workspace WHERE workspace = ?)'

const where = (conditions: readonly string[]) => (conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '')
const wordsIn = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? []

/**
 * Every word, by its beginning; as quoted strings, so that operators of the full text mean nothing. Filters
 * on columns of the full text narrow it there; whether they fit exactly is decided by the entry itself.
 */
function matching(words: readonly string[], exact: readonly (readonly [string, string])[]): string {
  const asked = words.map((word) => `"${word}"*`)
  const narrowed = exact.flatMap(([field, value]) => {
    const parts = ['client', 'server', 'decision', 'action'].includes(field) ? wordsIn(value) : []
    return parts.map((part) => `${field} : "${part}"`)
  })
  return [...asked, ...narrowed].join(' AND ')
}

function tallied(rows: readonly Record<FacetField, string | null>[]): AuditFacets['facets'] {
  const one = (field: FacetField) => {
    const counts = new Map<string, number>()
    for (const row of rows) {
      const value = row[field]
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    return sorted.slice(0, valuesShown).map(([value, count]) => ({ value, count }))
  }
  return Object.fromEntries(facetFields.map((field) => [field, one(field)])) as AuditFacets['facets']
}
