import type { JsonObject } from '../../shared/domain/json.ts'
import type {
  GraphDocument,
  Imported,
  ImportedConcept,
  ImportedRelation,
  ImportMode,
  Portion,
  PortionQuery,
  Provenance,
} from '../../shared/domain/memory.ts'
import type { Graph } from './graph.ts'
import type { GraphWrite } from './graph-write.ts'
import { checkConcept, checkRelation } from './limits.ts'
import { type ConceptRow, labelBits } from './rows.ts'

/** The whole memory out in portions, and in as one write. Formats of files are others' business. */
export class Transfer {
  constructor(private readonly graph: Graph) {}

  /** Concepts or relations in the order of their ids. */
  portion({ of, after, limit }: PortionQuery): Portion {
    const { concepts, relations } = this.graph.tables
    if (of === 'concepts') {
      const rows = concepts.after(after, limit)
      return { concepts: rows.map((row) => this.graph.concept(row)), relations: [], ...lastOf(rows) }
    }
    const rows = relations.after(after, limit)
    return { concepts: [], relations: rows.map((row) => this.graph.relation(row)), ...lastOf(rows) }
  }

  /**
   * Everything of the document, or nothing. `merge` adds to what is known; `replace` takes that away first. One write, which
   * can be undone. Labels of the document stay; what the import’s own session had read comes to them.
   */
  importGraph(document: GraphDocument, mode: ImportMode, by: Provenance): Imported {
    for (const concept of document.concepts) checkConcept(concept, this.graph.limits)
    for (const relation of document.relations) checkRelation(relation, this.graph.limits)
    const done = { concepts: 0, relations: 0, merged: 0 }
    let written: number | undefined
    this.graph.write('import', by, (write) => {
      if (mode === 'replace') this.#clear(write)
      for (const concept of document.concepts) {
        const known = this.graph.find({ name: concept.name })
        if (known) done.merged++
        else done.concepts++
        this.#take(concept, known, write)
      }
      for (const relation of document.relations) if (this.#relate(relation, write)) done.relations++
      if (write.changed) written = write.id
    })
    return { ...done, ...(written === undefined ? {} : { write: `wr_${written}` as const }) }
  }

  #clear(write: GraphWrite): void {
    const { concepts, relations } = this.graph.tables
    for (const row of [...relations.all()]) write.removeRelation(row)
    for (const { id } of [...concepts.all()]) write.removeConcept(id)
  }

  #take(concept: ImportedConcept, known: ConceptRow | undefined, write: GraphWrite): void {
    const { name, type, description = '', attributes = {}, confidence = 1, source = 'imported' } = concept
    const labels = labelBits(concept.labels ?? [])
    const row =
      known ??
      write.addConcept({ name, type, description, attributes: JSON.stringify(attributes), confidence, source, labels })
    const present = known ? this.graph.tables.concepts.observations(row.id).map(({ text }) => text) : []
    const added = (concept.observations ?? []).filter((text) => !present.includes(text))
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

const lastOf = (rows: readonly { readonly id: ConceptRow['id'] }[]): { last?: number } => {
  const last = rows.at(-1)?.id
  return last === undefined ? {} : { last }
}
