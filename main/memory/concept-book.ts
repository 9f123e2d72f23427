import type { JsonObject } from '../../shared/domain/json.ts'
import type {
  Concept,
  ConceptChanges,
  ConceptDraft,
  ConceptRef,
  Link,
  Provenance,
  Relation,
  RelationDraft,
  WriteId,
} from '../../shared/domain/memory.ts'
import { memoryExists, memoryUnknown } from '../../shared/errors.ts'
import type { Graph } from './graph.ts'
import type { GraphWrite } from './graph-write.ts'
import { merge } from './learning/merge.ts'
import { checkConcept, checkItems, checkRelation } from './limits.ts'
import type { ConceptRow, RelationRow } from './rows.ts'

/** Of the nearest so many, those more alike than this are related by the memory itself. */
const relatedAmong = 20
const relatedAbove = 0.7
/** What is said to be of use is stronger by as much as it was when it was new. */
const reinforcedGain = 1

/** The graph as Gatehouse’s own tools, the window and the command line write it. */
export class ConceptBook {
  constructor(private readonly graph: Graph) {}

  addConcept(draft: ConceptDraft, by: Provenance): { concept: Concept; related: readonly Relation[] } {
    checkConcept(draft, this.graph.limits)
    if (this.graph.find({ name: draft.name })) throw memoryExists(draft.name)
    const added = this.graph.write('add_concept', by, (write) => {
      const { id } = write.addConcept({ name: draft.name, type: draft.type, ...columnsOf(draft) })
      for (const text of draft.observations ?? []) write.addObservation(id, text)
      this.graph.index(id) // its vector finds its relations
      return { id, related: this.discover(id, write) }
    })
    return {
      concept: this.graph.concept(this.graph.need({ id: `co_${added.id}` })),
      related: added.related.map((row) => this.graph.relation(row)),
    }
  }

  updateConcept(ref: ConceptRef, changes: ConceptChanges, by: Provenance): Concept {
    checkConcept(changes, this.graph.limits)
    const row = this.graph.need(ref)
    this.graph.write('update_concept', by, (write) => {
      if (changes.name !== undefined && changes.name !== row.name) this.#freeName(changes.name, row, write)
      write.changeConcept(row, { ...columnsOf(changes, row.attributes), name: changes.name ?? row.name })
      if (changes.observations) this.#replaceObservations(row.id, changes.observations, write)
    })
    return this.graph.concept(this.graph.need({ id: `co_${row.id}` }))
  }

  relateConcepts(draft: RelationDraft, by: Provenance): Relation {
    checkRelation(draft, this.graph.limits)
    const [origin, target] = [this.graph.need({ name: draft.from }).id, this.graph.need({ name: draft.to }).id]
    const { weight, confidence, attributes, type } = draft
    const row = this.graph.write('relate_concepts', by, (write) => {
      const found = this.graph.tables.relations.find(origin, target, type)
      const columns = {
        ...(weight === undefined ? {} : { weight }),
        ...(confidence === undefined ? {} : { confidence }),
        ...(attributes ? { attributes: JSON.stringify(attributes) } : {}),
        inferred: 0,
        strengthened_at: write.at,
      }
      return found ? write.changeRelation(found, columns) : write.addRelation({ origin, target, type, ...columns })
    })
    return this.graph.relation(row)
  }

  reinforce(refs: readonly ConceptRef[], by: Provenance): WriteId {
    checkItems(refs, this.graph.limits)
    const rows = new Map(refs.map((ref) => this.graph.need(ref)).map((row) => [row.id, row]))
    const id = this.graph.write('reinforce', by, (write) => {
      for (const row of rows.values()) write.strengthen(row, reinforcedGain)
      return write.id
    })
    return `wr_${id}`
  }

  forget(refs: readonly ConceptRef[], by: Provenance): WriteId {
    checkItems(refs, this.graph.limits)
    const rows = refs.map((ref) => this.graph.need(ref))
    const id = this.graph.write('forget', by, (write) => {
      for (const { id } of rows) {
        if (!this.graph.tables.concepts.get(id)) continue // named twice
        for (const relation of this.graph.tables.relations.touching(id)) write.removeRelation(relation)
        write.removeConcept(id)
      }
      return write.id
    })
    return `wr_${id}`
  }

  /** The person may join what carries different labels: what remains carries both. */
  merge(kept: ConceptRef, gone: ConceptRef, by: Provenance): WriteId {
    const [stays, goes] = [this.graph.need(kept), this.graph.need(gone)]
    if (stays.id === goes.id) throw memoryExists(stays.name)
    const id = this.graph.write('merge', by, (write) => {
      merge(this.graph, stays, goes, write)
      return write.id
    })
    return `wr_${id}`
  }

  unrelate({ from, to, relationType }: Link, by: Provenance): WriteId {
    const { nodes, relations } = this.graph.tables
    const [origin, target] = [nodes.find(from), nodes.find(to)]
    const found =
      origin === undefined || target === undefined ? undefined : relations.find(origin, target, relationType)
    if (!found) throw memoryUnknown(`${from} ${relationType} ${to}`)
    const id = this.graph.write('delete_relations', by, (write) => {
      write.removeRelation(found)
      return write.id
    })
    return `wr_${id}`
  }

  /** Relates a concept to those most like it, as far as its vector is there. */
  discover(id: number, write: GraphWrite): RelationRow[] {
    const { vectors, tables } = this.graph
    const vector = vectors.current.index.vector(id)
    const near = vector ? vectors.nearest(vector, relatedAmong + 1) : []
    return near
      .filter((one) => one.id !== id && one.similarity > relatedAbove && !this.#related(id, one.id))
      .map(({ id: other, similarity }) =>
        write.addRelation({
          origin: id,
          target: other,
          type: tables.concepts.get(id)?.type === tables.concepts.get(other)?.type ? 'similar_to' : 'related_to',
          weight: similarity,
          confidence: similarity,
          inferred: 1,
          attributes: JSON.stringify({ similarity: Math.round(similarity * 1000) / 1000 }),
          labels: tables.concepts.get(other)?.labels ?? 0,
        }),
      )
  }

  #related = (a: number, b: number): boolean =>
    this.graph.tables.relations.touching(a).some(({ origin, target }) => origin === b || target === b)

  /** A name that only relations mention is taken over with them. @throws memory.exists */
  #freeName(name: string, row: ConceptRow, write: GraphWrite): void {
    const { nodes, relations } = this.graph.tables
    if (this.graph.find({ name })) throw memoryExists(name)
    const mentioned = nodes.find(name)
    if (mentioned === undefined) return
    const moved = (id: number) => (id === mentioned ? row.id : id)
    for (const relation of relations.touching(mentioned)) {
      const [origin, target] = [moved(relation.origin), moved(relation.target)]
      if (relations.find(origin, target, relation.type)) write.removeRelation(relation)
      else write.changeRelation(relation, { origin, target })
    }
  }

  /** Those that stay keep who brought them. */
  #replaceObservations(id: number, texts: readonly string[], write: GraphWrite): void {
    const present = this.graph.tables.concepts.observations(id)
    const bringers = new Map(present.toReversed().map(({ text, by }) => [text, by])) // the first of each
    for (const observation of present) write.removeObservation(observation)
    for (const text of texts) write.addObservation(id, text, bringers.get(text))
  }
}

function columnsOf(draft: ConceptDraft | ConceptChanges, present = '{}'): Partial<ConceptRow> {
  const { description, confidence, source, type, attributes } = draft
  return {
    ...(type === undefined ? {} : { type }),
    ...(description === undefined ? {} : { description }),
    ...(confidence === undefined ? {} : { confidence }),
    ...(source === undefined ? {} : { source }),
    ...(attributes === undefined ? {} : { attributes: JSON.stringify(laidOver(JSON.parse(present), attributes)) }),
  }
}

const laidOver = (present: JsonObject, changes: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries({ ...present, ...changes }).filter(([, value]) => value !== null))
