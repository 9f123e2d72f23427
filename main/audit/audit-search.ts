import type { z } from 'zod'
import type { auditFacets, auditFilter } from '../../shared/contract/audit.ts'
import { defaultWorkspace } from '../../shared/domain/ids.ts'
import type { Database } from '../store/database.ts'
import { type MarkedField, markedFields, markOf, questionOf, wordsIn } from './entry-words.ts'
import type { EntryRow } from './index-row.ts'
import type { TextIndex } from './text-index.ts'

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
  /** The number of an entry in it. */
  readonly seq: string
  readonly conditions: readonly string[]
  readonly values: readonly (string | number)[]
}

/** Questions to the audit index: exact filters, full text, and how many there are of each kind. */
export class AuditSearch {
  readonly #db: Database
  readonly #text: TextIndex

  constructor(db: Database, text: TextIndex) {
    this.#db = db
    this.#text = text
  }

  /** Newest first. `total` stops at 10 000; `more` says that there are more. */
  list(filter: AuditFilter): { rows: EntryRow[]; total: number; more: boolean } {
    const query = this.#query(filter)
    const counted = this.#count(query)
    const page = filter.before === undefined ? query : alsoThat(query, `${query.seq} < ${wholeNumber}`, filter.before)
    const rows = this.#db
      .prepare<unknown[], EntryRow>(`SELECT e.* FROM ${entriesOf(page)} ORDER BY ${page.seq} DESC LIMIT ?`)
      .all(...page.values, filter.limit)
    return { rows, total: Math.min(counted, mostCounted), more: counted > mostCounted }
  }

  /** How many entries there are of each kind: of all, exactly; of those that a filter finds, among the newest 10 000. */
  facets(filter: AuditFilter): AuditFacets {
    const query = this.#query(filter)
    if (query.conditions.length === 0) return { facets: this.#known(), exact: true }
    const columns = facetFields.map((field) => `e.${field}`).join(', ')
    const found = this.#db
      .prepare<unknown[], (string | null)[]>(
        `SELECT ${columns} FROM ${entriesOf(query)} ORDER BY ${query.seq} DESC LIMIT ${mostCounted + 1}`,
      )
      .raw()
      .all(...query.values)
    return { facets: tallied(found.slice(0, mostCounted)), exact: found.length <= mostCounted }
  }

  /** Entries that a question in words does not look at yet. */
  missing = (filter: AuditFilter): number => (wordsIn(filter.text ?? '').length > 0 ? this.#text.missing() : 0)

  /** Filters that the full text answers for, once it holds every entry. */
  isTogether = (filter: AuditFilter): boolean => exactIn(filter).length > 1 || filter.workspace !== undefined

  #known(): AuditFacets['facets'] {
    const rows = this.#db.prepare<[string], { value: string; count: number }>(
      `SELECT value, n AS count FROM audit_facet WHERE field = ? ORDER BY n DESC, value LIMIT ${valuesShown}`,
    )
    return Object.fromEntries(facetFields.map((field) => [field, rows.all(field)])) as AuditFacets['facets']
  }

  #count({ from, conditions, values }: Query): number {
    if (conditions.length === 0) {
      const all = this.#db.prepare<[], number>(`SELECT coalesce(sum(n), 0) FROM audit_facet WHERE field = 'category'`)
      return all.pluck().get() ?? 0
    }
    const some = this.#db.prepare<unknown[], number>(
      `SELECT count(*) FROM (SELECT 1 FROM ${from} ${where(conditions)} LIMIT ${mostCounted + 1})`,
    )
    return some.pluck().get(...values) ?? 0
  }

  /** Words are for the full text, and so are filters together as long as it holds every entry; one filter has its index. */
  #query(filter: AuditFilter): Query {
    const words = wordsIn(filter.text ?? '')
    const exact = exactIn(filter)
    const asWords = words.length > 0 || (this.isTogether(filter) && this.#text.missing() === 0)
    let query = asWords ? this.#textQuery(words, exact) : rowQuery(exact)
    if (filter.since !== undefined)
      query = alsoThat(query, `${query.seq} >= ${wholeNumber}`, this.#firstSince(filter.since))
    if (filter.until !== undefined)
      query = alsoThat(query, `${query.seq} < ${wholeNumber}`, this.#firstSince(filter.until))
    return query
  }

  #textQuery(words: readonly string[], exact: readonly Exact[]): Query {
    const marks = exact.map(([field, value]) => markOf(field, value))
    const question = questionOf(words, marks, this.#text.completed)
    return { from: 'audit_text AS t', seq: 't.rowid', conditions: ['audit_text MATCH ?'], values: [question] }
  }

  /** Entries come in the order of time, so the first since a moment is found by halving. */
  #firstSince(time: number): number {
    const at = this.#db.prepare<[number], { seq: number; time: number }>(
      'SELECT seq, time FROM audit_entry WHERE seq >= ? ORDER BY seq LIMIT 1',
    )
    let low = 1
    let high = (this.#db.prepare<[], number>('SELECT coalesce(max(seq), 0) FROM audit_entry').pluck().get() ?? 0) + 1
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      const row = at.get(middle)
      if (row && row.time < time) low = row.seq + 1
      else high = middle
    }
    return low
  }
}

type Exact = readonly [MarkedField, string]

const exactIn = (filter: AuditFilter): Exact[] =>
  markedFields.flatMap((field) => (filter[field] ? [[field, filter[field]] as const] : []))

/** Filters as conditions on the rows, in the words that let an index be used. */
function rowQuery(exact: readonly Exact[]): Query {
  let query: Query = { from: 'audit_entry AS e', seq: 'e.seq', conditions: [], values: [] }
  for (const [field, value] of exact) {
    query = alsoThat(query, field === 'workspace' ? inWorkspace(value) : `e.${field} = ?`, value)
    const common = field === 'workspace' ? [] : (usual[field] ?? [])
    const unlike = common.includes(value) ? [] : common.map((one) => `e.${field} <> '${one}'`)
    query = { ...query, conditions: [...query.conditions, ...unlike] }
  }
  return query
}

const alsoThat = (query: Query, condition: string, value: string | number): Query => ({
  ...query,
  conditions: [...query.conditions, condition],
  values: [...query.values, value],
})

/** The full text begins at a number only when it comes as an integer; values are bound as floating point. */
const wholeNumber = 'CAST(? AS INTEGER)'

const entriesOf = ({ from, conditions }: Query): string => {
  const rows = from.startsWith('audit_text') ? `${from} JOIN audit_entry AS e ON e.seq = t.rowid` : from
  return `${rows} ${where(conditions)}`
}

/** Nearly all entries are of the default workspace; of another they are few. */
const inWorkspace = (name: string) =>
  name === defaultWorkspace
    ? 'EXISTS (SELECT 1 FROM audit_workspace AS w WHERE w.seq = e.seq AND w.workspace = ?)'
    : 'e.seq IN (SELECT seq FROM audit_workspace WHERE workspace = ?)'

const where = (conditions: readonly string[]) => (conditions.length > 0 ? `WHERE ${conditions.join(' AND ')}` : '')
function tallied(rows: readonly (readonly (string | null)[])[]): AuditFacets['facets'] {
  const one = (column: number) => {
    const counts = new Map<string, number>()
    for (const row of rows) {
      const value = row[column] ?? null
      if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1)
    }
    const sorted = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    return sorted.slice(0, valuesShown).map(([value, count]) => ({ value, count }))
  }
  return Object.fromEntries(facetFields.map((field, column) => [field, one(column)])) as AuditFacets['facets']
}
