import type { JsonObject } from '../../shared/domain/json.ts'
import {
  beginning,
  type GraphDocument,
  type Imported,
  type ImportedConcept,
  type ImportedRelation,
  type Place,
  type Portion,
  type PortionQuery,
} from '../../shared/domain/memory.ts'
import type { Graph } from './graph.ts'
import type { GraphWrite } from './graph-write.ts'
import { checkConcept, checkRelation } from './limits.ts'
import { type ConceptRow, labelBits } from './rows.ts'

/** The whole memory out in portions, and the portions of another one in. Formats of files are others' business. */
export class Transfer {
  constructor(private readonly graph: Graph) {}

  /** Concepts or relations in the order they were made. */
  portion({ of, after, limit }: PortionQuery): Portion {
    const { concepts, relations } = this.graph.tables
    if (of === 'concepts') {
      const rows = concepts.made(after, limit)
      const last = rows.at(-1)
      return { concepts: rows.map((row) => this.graph.concept(row)), relations: [], ...endingAt(last?.seq, last?.id) }
    }
    const rows = relations.after(after[1], limit)
    return { concepts: [], relations: rows.map((row) => this.graph.relation(row)), ...endingAt(0, rows.at(-1)?.id) }
  }

  /** @throws memory.limit */
  take({ concepts, relations }: GraphDocument, write: GraphWrite): Pick<Imported, 'concepts' | 'relations' | 'merged'> {
    const done = { concepts: 0, relations: 0, merged: 0 }
    for (const concept of concepts) {
      checkConcept(concept, this.graph.limits)
      const known = this.graph.find({ name: concept.name })
      if (known) done.merged++
      else done.concepts++
      this.#take(concept, known, write)
    }
    for (const relation of relations) {
      checkRelation(relation, this.graph.limits)
      if (this.#relate(relation, write)) done.relations++
    }
    return done
  }

  /** Takes some of what is known away. @returns whether there was anything left */
  clearSome(write: GraphWrite, most: number): boolean {
    const { concepts, relations } = this.graph.tables
    const edges = relations.after(0, most)
    for (const row of edges) write.removeRelation(row)
    if (edges.length > 0) return true
    const rows = concepts.made(beginning, most)
    for (const { id } of rows) write.removeConcept(id)
    return rows.length > 0
  }

  #take(concept: ImportedConcept, known: ConceptRow | undefined, write: GraphWrite): void {
    const { name, type, description = '', attributes = {}, confidence = 1, source = 'imported' } = concept
    const labels = labelBits(concept.labels ?? [])
    const row =
      known ??
      write.addConcept({ name, type, description, attributes: JSON.stringify(attributes), confidence, source, labels })
    const present = new Set(known ? this.graph.tables.concepts.observations(row.id).map(({ text }) => text) : [])
    const added = (concept.observations ?? []).filter((text) => !present.has(text))
    for (const text of added) write.addObservation(row.id, text)
    if (known)
      write.changeConcept(known, {
        labels,
        description: known.description || description,
        attributes: JSON.stringify({ ...attributes, ...(JSON.parse(known.attributes) as JsonObject) }),
        confidence: Math.max(known.confidence, confidence),
      })
  }

  /** @returns whether it is new */
  #relate(relation: ImportedRelation, write: GraphWrite): boolean {
    const { nodes, relations } = this.graph.tables
    const { from, to, type, weight = 1, confidence = 1, attributes = {}, inferred = false } = relation
    const [origin, target] = [nodes.need(from), nodes.need(to)]
    const labels = labelBits(relation.labels ?? [])
    const found = relations.find(origin, target, type)
    if (found) write.changeRelation(found, { weight: Math.max(found.weight, weight), labels })
    else
      write.addRelation({
        origin,
        target,
        type,
        weight,
        confidence,
        inferred: inferred ? 1 : 0,
        attributes: JSON.stringify(attributes),
        labels,
      })
    return !found
  }
}

const endingAt = (seq: number | undefined, id: number | undefined): { last?: Place } =>
  seq === undefined || id === undefined ? {} : { last: [seq, id] }
