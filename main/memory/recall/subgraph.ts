import type { Subgraph } from '../../../shared/domain/memory.ts'
import type { Graph } from '../graph.ts'
import type { RelationRow } from '../rows.ts'
import type { View } from './view.ts'

interface Reached {
  readonly id: number
  readonly depth: number
  /** Product of the weights on the way. */
  readonly nearness: number
}

/**
 * What lies around some concepts: the nearest first, where a step of a weak relation is a long one.
 *
 * @param depth steps from the seeds at most
 * @param budget concepts at most, the seeds among them
 */
export function subgraphAround(
  graph: Graph,
  view: View,
  seeds: readonly number[],
  depth: number,
  budget: number,
): Subgraph {
  const known = seeds.filter((id) => view.concept(id))
  const taken = new Map<number, Reached>()
  const relations = new Map<number, RelationRow>()
  let waiting: Reached[] = known.map((id) => ({ id, depth: 0, nearness: 1 }))
  let cut = false
  while (waiting.length > 0) {
    const next = nearestOf(waiting)
    waiting = waiting.filter((one) => one.id !== next.id)
    if (taken.size >= budget) {
      cut = true
      break
    }
    taken.set(next.id, next)
    for (const relation of view.relations(next.id)) {
      const other = relation.origin === next.id ? relation.target : relation.origin
      if (taken.has(other)) relations.set(relation.id, relation)
      else if (next.depth < depth && view.concept(other))
        waiting.push({ id: other, depth: next.depth + 1, nearness: next.nearness * relation.weight })
    }
  }
  const rows = [...relations.values()].sort((a, b) => a.id - b.id)
  return {
    concepts: [...taken.keys()].flatMap((id) => {
      const row = view.concept(id)
      return row ? [graph.concept(row, view.observations(id))] : []
    }),
    relations: rows.map((row) => graph.relation(row)),
    cut,
  }
}

const nearestOf = (waiting: readonly Reached[]): Reached =>
  waiting.reduce((best, one) =>
    one.nearness > best.nearness || (one.nearness === best.nearness && one.depth < best.depth) ? one : best,
  )
