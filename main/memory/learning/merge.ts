import type { JsonObject } from '../../../shared/domain/json.ts'
import type { Graph } from '../graph.ts'
import type { GraphWrite } from '../graph-write.ts'
import type { ConceptRow } from '../rows.ts'
import { isOnlyLearned } from './learned-source.ts'

/** Everything said of one concept becomes said of the other; each observation keeps who brought it. */
export function merge(graph: Graph, kept: ConceptRow, gone: ConceptRow, write: GraphWrite): void {
  const { concepts, relations } = graph.tables
  const known = new Set(concepts.observations(kept.id).map(({ text }) => text))
  const more = concepts.observations(gone.id).filter(({ text }) => !known.has(text))
  const moved = (id: number) => (id === gone.id ? kept.id : id)
  const touching = relations.touching(gone.id)
  for (const relation of touching) write.removeRelation(relation)
  write.removeConcept(gone.id)
  for (const { text, by } of more) write.addObservation(kept.id, text, by)
  for (const { id: _, ...relation } of touching) {
    const [origin, target] = [moved(relation.origin), moved(relation.target)]
    const there = relations.find(origin, target, relation.type)
    if (origin === target) continue
    if (!there) write.addRelation({ ...relation, origin, target })
    else if (there.weight < relation.weight || (there.labels | relation.labels) !== there.labels)
      write.changeRelation(there, { weight: Math.max(there.weight, relation.weight), labels: relation.labels })
  }
  write.changeConcept(kept, {
    description: kept.description || gone.description,
    attributes: JSON.stringify({ ...parsed(gone), ...parsed(kept) }),
    confidence: Math.max(kept.confidence, gone.confidence),
    labels: gone.labels,
    source: isOnlyLearned(kept.source) ? gone.source : kept.source,
  })
}

const parsed = ({ attributes }: ConceptRow) => JSON.parse(attributes) as JsonObject
