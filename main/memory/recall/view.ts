import type { Graph } from '../graph.ts'
import { type ConceptRow, type Edge, kinds, type ObservationRow, type RelationRow } from '../rows.ts'

/** The graph at one time. */
export interface View {
  /** It is not the present, which the indexes are of. */
  readonly differs: boolean
  concept(id: number): ConceptRow | undefined
  named(name: string): ConceptRow | undefined
  observations(concept: number): ObservationRow[]
  /** The heaviest first; of a node with very many relations, only those. */
  edges(node: number): Edge[]
  relation(id: number): RelationRow | undefined
  /** Those that begin there, the heaviest first. */
  leaving(node: number): RelationRow[]
}

/** Of a node’s relations, so many in each direction are looked at. */
const edgesLookedAt = 40
/** Relations that leave one node, when all of them are wanted. */
const leavingAtMost = 1_000

export const present = ({ tables: { concepts, relations } }: Graph): View => ({
  differs: false,
  concept: concepts.get,
  named: concepts.named,
  observations: concepts.observations,
  edges: (node) => relations.strongest(node, edgesLookedAt),
  relation: relations.get,
  leaving: (node) => relations.leaving(node, leavingAtMost),
})

/** The graph as it was at a time: the present, with every later change taken back. */
export class Past implements View {
  readonly differs = true
  /** Concepts that changed since: what they were then, if they were. */
  readonly changed: ReadonlyMap<number, ConceptRow | undefined>
  readonly #present: View
  readonly #observationsSince: ReadonlyMap<number, ObservationRow | undefined>
  readonly #observationsGone: ReadonlyMap<number, readonly ObservationRow[]>
  readonly #relationsSince: ReadonlyMap<number, RelationRow | undefined>
  readonly #relationsThen: ReadonlyMap<number, readonly RelationRow[]>

  constructor(graph: Graph, at: number) {
    const { history } = graph.tables
    const write = history.lastBefore(at)
    const since = <R>(kind: Parameters<typeof history.since>[1]): Map<number, R | undefined> =>
      new Map(
        history
          .since(write, kind)
          .map(({ thing, before }) => [thing, before === null ? undefined : (JSON.parse(before) as R)]),
      )
    this.#present = present(graph)
    this.changed = since<ConceptRow>(kinds.concept)
    this.#observationsSince = since<ObservationRow>(kinds.observation)
    this.#relationsSince = since<RelationRow>(kinds.relation)
    const gone = [...this.#observationsSince.values()].flatMap((row) => row ?? [])
    this.#observationsGone = Map.groupBy(gone, (row) => row.concept)
    const then = [...this.#relationsSince.values()].flatMap((row) => (row ? [row] : []))
    const ends = then.flatMap((row) => [...new Set([row.origin, row.target])].map((node) => ({ node, row })))
    this.#relationsThen = new Map(
      [...Map.groupBy(ends, ({ node }) => node)].map(([node, rows]) => [node, rows.map(({ row }) => row)]),
    )
  }

  concept = (id: number): ConceptRow | undefined =>
    this.changed.has(id) ? this.changed.get(id) : this.#present.concept(id)

  named(name: string): ConceptRow | undefined {
    const now = this.#present.named(name)
    if (now && !this.changed.has(now.id)) return now
    for (const row of this.changed.values()) if (row?.name === name) return row
    return undefined
  }

  observations(concept: number): ObservationRow[] {
    const same = this.#present.observations(concept).filter(({ id }) => !this.#observationsSince.has(id))
    return [...same, ...(this.#observationsGone.get(concept) ?? [])].sort((a, b) => a.id - b.id)
  }

  edges(node: number): Edge[] {
    const same = this.#present.edges(node).filter(({ id }) => !this.#relationsSince.has(id))
    return [...same, ...(this.#relationsThen.get(node) ?? [])].sort((a, b) => b.weight - a.weight || a.id - b.id)
  }

  leaving(node: number): RelationRow[] {
    const same = this.#present.leaving(node).filter(({ id }) => !this.#relationsSince.has(id))
    const then = (this.#relationsThen.get(node) ?? []).filter(({ origin }) => origin === node)
    return [...same, ...then].sort((a, b) => b.weight - a.weight || a.id - b.id)
  }

  relation = (id: number): RelationRow | undefined =>
    this.#relationsSince.has(id) ? this.#relationsSince.get(id) : this.#present.relation(id)
}
