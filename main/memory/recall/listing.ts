import type {
  ConceptId,
  ConceptPage,
  ListQuery,
  MemoryFacets,
  Picture,
  PictureEdge,
  PictureNode,
  PictureQuery,
} from '../../../shared/domain/memory.ts'
import type { Graph } from '../graph.ts'
import { type ConceptRow, labelsOf, type RelationRow } from '../rows.ts'
import { filterOf } from './filter.ts'
import { Past, present } from './view.ts'

/** Concepts a filtered page looks at, so that one question never takes long; the next page goes on there. */
const lookedAtAtMost = 20_000
const atOnce = 500
const facetsAtMost = 100

/** What there is, without a question: a page at a time, counted by kind, and as a picture. */
export class Listing {
  /** A picture comes in several portions: the past is taken back once for all of them. */
  #past: { readonly at: number; readonly writes: number; readonly view: Past } | undefined

  constructor(private readonly graph: Graph) {}

  list({ limit, from, filter }: ListQuery): ConceptPage {
    const { concepts, history } = this.graph.tables
    const meets = filter ? filterOf(filter, history) : () => true
    const found: ConceptRow[] = []
    let [changedAt, id] = placeOf(from)
    for (let seen = 0; seen < lookedAtAtMost; ) {
      const rows = concepts.newest(changedAt, id, filter ? atOnce : limit)
      for (const row of rows) {
        ;[changedAt, id] = [row.updated_at, row.id]
        if (meets(row)) found.push(row)
        if (found.length === limit) return this.#page(found, `${changedAt}:${id}`)
      }
      seen += rows.length
      if (rows.length < (filter ? atOnce : limit)) return this.#page(found)
    }
    return this.#page(found, `${changedAt}:${id}`)
  }

  facets = (): MemoryFacets => this.graph.tables.concepts.counted(facetsAtMost)

  picture({ skip, limit, asOf }: PictureQuery): Picture {
    const past = asOf === undefined ? undefined : this.#then(asOf)
    const view = past ?? present(this.graph)
    const { ids, total } = past ? this.#idsThen(past, skip, limit) : this.#ids(skip, limit)
    const rows = ids.flatMap((id) => view.concept(id) ?? [])
    return {
      nodes: rows.map((row) => this.#node(row)),
      edges: rows.flatMap(({ id }) =>
        view
          .leaving(id)
          .filter(({ target }) => view.concept(target))
          .map(edge),
      ),
      total,
    }
  }

  #page = (rows: readonly ConceptRow[], next?: string): ConceptPage => ({
    concepts: rows.map((row) => this.graph.concept(row)),
    ...(next === undefined ? {} : { next }),
  })

  #then(at: number): Past {
    const { writes } = this.graph.counts
    if (this.#past?.at !== at || this.#past.writes !== writes)
      this.#past = { at, writes, view: new Past(this.graph, at) }
    return this.#past.view
  }

  #ids(skip: number, limit: number) {
    const ids = this.graph.tables.concepts.byChange(limit, skip)
    return { ids: [...ids].map(({ id }) => id), total: this.graph.counts.concepts }
  }

  /** First those that are other than then, then those that are the same. */
  #idsThen(past: Past, skip: number, limit: number) {
    const changed = [...past.changed].flatMap(([id, row]) => (row ? [id] : []))
    const [ids, total] = [[] as number[], { count: changed.length }]
    ids.push(...changed.slice(skip, skip + limit))
    for (const { id } of this.graph.tables.concepts.byChange()) {
      if (past.changed.has(id)) continue
      if (total.count >= skip && ids.length < limit) ids.push(id)
      total.count++
    }
    return { ids, total: total.count }
  }

  #node = (row: ConceptRow): PictureNode => ({
    id: `co_${row.id}`,
    name: row.name,
    type: row.type,
    labels: labelsOf(row.labels),
    confidence: row.confidence,
    createdAt: row.created_at as PictureNode['createdAt'],
    client: this.graph.tables.history.provenance(row.created_by).clientName,
  })
}

const edge = (row: RelationRow): PictureEdge => ({
  id: `re_${row.id}`,
  from: `co_${row.origin}` satisfies ConceptId,
  to: `co_${row.target}`,
  type: row.type,
  weight: row.weight,
  inferred: row.inferred === 1,
  labels: labelsOf(row.labels),
})

/** `CHANGED_AT:ID`; anything else is the beginning. */
function placeOf(from = ''): [number, number] {
  const [, changedAt, id] = /^(\d{1,15}):(\d{1,15})$/.exec(from) ?? []
  return [Number(changedAt ?? Number.MAX_SAFE_INTEGER), Number(id ?? Number.MAX_SAFE_INTEGER)]
}
