import type { Subgraph } from '../../../shared/domain/memory.ts'
import type { Graph } from '../graph.ts'
import type { ConceptRow } from '../rows.ts'
import { NearestFirst } from './nearest-first.ts'
import type { View } from './view.ts'

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
  const taken = new Map<number, ConceptRow>()
  const edges = new Set<number>()
  const waiting = new NearestFirst()
  let cut = false
  for (const id of seeds) waiting.add({ id, depth: 0, nearness: 1 })
  for (let next = waiting.take(); next; next = waiting.take()) {
    const row = taken.has(next.id) ? undefined : view.concept(next.id)
    if (!row) continue
    cut = taken.size >= budget
    if (cut) break
    taken.set(row.id, row)
    for (const { id, origin, target, weight } of view.edges(row.id)) {
      const other = origin === row.id ? target : origin
      if (taken.has(other)) edges.add(id)
      else if (next.depth < depth) waiting.add({ id: other, depth: next.depth + 1, nearness: next.nearness * weight })
    }
  }
  return {
    concepts: [...taken.values()].map((row) => graph.concept(row, view.observations(row.id))),
    relations: [...edges]
      .sort((a, b) => a - b)
      .flatMap((id) => view.relation(id) ?? [])
      .map((row) => graph.relation(row)),
    cut,
  }
}
