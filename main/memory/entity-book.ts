import type {
  AddedObservations,
  Entity,
  Graph as EntityGraph,
  GraphQuestion,
  LabelledGraph,
  Link,
  ObservationDeletion,
  ObservationsOf,
  Provenance,
} from '../../shared/domain/memory.ts'
import { memoryTooLarge, memoryUnknown } from '../../shared/errors.ts'
import type { Graph } from './graph.ts'
import type { GraphWrite } from './graph-write.ts'
import { checkEntities, checkItems, checkLinks, checkTexts } from './limits.ts'
import { labelsOf, type RelationRow } from './rows.ts'
import type { EntityWrites } from './workspace-memory.ts'

/**
 * The graph as `@modelcontextprotocol/server-memory` reads and writes it, with its results. What stands
 * twice in one call is kept twice there; here the answer is the same, and it is one concept with the observations of both, or
 * one relation. Relations may name what nothing is known of.
 */
export class EntityBook implements EntityWrites {
  constructor(private readonly graph: Graph) {}

  createEntities(entities: readonly Entity[], by: Provenance): readonly Entity[] {
    checkEntities(entities, this.graph.limits)
    const made = new Set<string>()
    return this.graph.write('create_entities', by, (write) =>
      entities.filter(({ name, entityType, observations }) => {
        if (made.has(name)) this.#observe(write, name, observations)
        else if (this.#concepts.named(name)) return false
        else {
          const { id } = write.addConcept({ name, type: entityType })
          for (const text of observations) write.addObservation(id, text)
          made.add(name)
        }
        return true
      }),
    )
  }

  createRelations(links: readonly Link[], by: Provenance): readonly Link[] {
    checkLinks(links, this.graph.limits)
    const { nodes, relations } = this.graph.tables
    const made = new Set<number>()
    return this.graph.write('create_relations', by, (write) =>
      links.filter(({ from, to, relationType }) => {
        const [origin, target] = [nodes.need(from), nodes.need(to)]
        const known = relations.find(origin, target, relationType)
        if (!known) made.add(write.addRelation({ origin, target, type: relationType }).id)
        return !known || made.has(known.id)
      }),
    )
  }

  addObservations(additions: readonly ObservationsOf[], by: Provenance): readonly AddedObservations[] {
    checkItems(additions, this.graph.limits)
    return this.graph.write('add_observations', by, (write) =>
      additions.map(({ entityName, contents }) => ({
        entityName,
        addedObservations: this.#observe(write, entityName, contents),
      })),
    )
  }

  deleteEntities(names: readonly string[], by: Provenance): void {
    checkItems(names, this.graph.limits)
    const { nodes, concepts, relations } = this.graph.tables
    this.graph.write('delete_entities', by, (write) => {
      for (const name of names) {
        const id = nodes.find(name)
        if (id === undefined) continue
        for (const relation of relations.touching(id)) write.removeRelation(relation)
        if (concepts.get(id)) write.removeConcept(id)
      }
    })
  }

  deleteObservations(deletions: readonly ObservationDeletion[], by: Provenance): void {
    checkItems(deletions, this.graph.limits)
    this.graph.write('delete_observations', by, (write) => {
      for (const { entityName, observations } of deletions) {
        const concept = this.#concepts.named(entityName)
        const named = new Set(observations)
        const gone = concept ? this.#concepts.observations(concept.id).filter(({ text }) => named.has(text)) : []
        for (const observation of gone) write.removeObservation(observation)
        if (concept && gone.length > 0) write.changeConcept(concept)
      }
    })
  }

  deleteRelations(links: readonly Link[], by: Provenance): void {
    checkItems(links, this.graph.limits)
    const { nodes, relations } = this.graph.tables
    this.graph.write('delete_relations', by, (write) => {
      for (const { from, to, relationType } of links) {
        const [origin, target] = [nodes.find(from), nodes.find(to)]
        if (origin === undefined || target === undefined) continue
        const found = relations.find(origin, target, relationType)
        if (found) write.removeRelation(found)
      }
    })
  }

  readGraph(): EntityGraph {
    const answer = new Answer(this.graph.limits.answerBytes)
    const observed = this.#allObservations(answer)
    const entities: Entity[] = []
    for (const { id, name, type } of this.#concepts.all()) {
      answer.add(name, type)
      entities.push({ name, entityType: type, observations: observed.get(id) ?? [] })
    }
    const relations: Link[] = []
    for (const row of this.graph.tables.relations.all()) relations.push(answer.link(this.#link(row)))
    return { entities, relations }
  }

  searchNodes(query: string): EntityGraph {
    const wanted = query.toLowerCase()
    const found = this.graph.texts.holding(query).map((id) => this.#entity(id))
    return this.#around(found.filter((entity) => holds(entity, wanted)))
  }

  openNodes(names: readonly string[]): EntityGraph {
    checkItems(names, this.graph.limits)
    const rows = [...new Set(names)].flatMap((name) => this.#concepts.named(name) ?? [])
    const ordered = rows.sort((a, b) => a.seq - b.seq || a.id - b.id)
    return this.#around(ordered.map(({ id }) => this.#entity(id)))
  }

  labelled(question: GraphQuestion): LabelledGraph {
    const graph = this.#asked(question)
    return { graph, labels: labelsOf(question === 'all' ? this.#allLabels() : this.#labelsIn(graph)) }
  }

  #asked(question: GraphQuestion): EntityGraph {
    if (question === 'all') return this.readGraph()
    return 'search' in question ? this.searchNodes(question.search) : this.openNodes(question.names)
  }

  #allLabels(): number {
    let bits = 0
    for (const { labels } of this.#concepts.all()) bits |= labels
    for (const { labels } of this.graph.tables.relations.all()) bits |= labels
    return bits
  }

  /** Each relation in the answer touches one of its entities, and names another one that may have been renamed since. */
  #labelsIn({ entities }: EntityGraph): number {
    const { relations } = this.graph.tables
    let bits = 0
    for (const { name } of entities) {
      const concept = this.#concepts.named(name)
      if (concept === undefined) continue
      bits |= concept.labels
      for (const { origin, target, labels } of relations.touching(concept.id)) {
        const other = this.#concepts.get(origin === concept.id ? target : origin)
        bits |= labels | (other?.labels ?? 0)
      }
    }
    return bits
  }

  get #concepts() {
    return this.graph.tables.concepts
  }

  #observe(write: GraphWrite, name: string, contents: readonly string[]): string[] {
    const concept = this.#concepts.named(name)
    if (!concept) throw memoryUnknown(name)
    checkTexts(contents, this.graph.limits)
    const present = new Set(this.#concepts.observations(concept.id).map(({ text }) => text))
    const added = contents.filter((text) => !present.has(text))
    checkTexts([...present, ...added], this.graph.limits)
    for (const text of added) write.addObservation(concept.id, text)
    if (added.length > 0) write.changeConcept(concept)
    return added
  }

  /** With every relation that has one of them at an end, in the order of relations. */
  #around(entities: readonly Entity[]): EntityGraph {
    const { nodes, relations } = this.graph.tables
    const answer = new Answer(this.graph.limits.answerBytes)
    const touching = new Map<number, RelationRow>()
    for (const { name, entityType, observations } of entities) {
      answer.add(name, entityType, ...observations)
      const id = nodes.find(name)
      if (id === undefined) continue
      for (const row of relations.eachTouching(id)) {
        if (!touching.has(row.id)) answer.add(row.type) // what is too much is not read to its end
        touching.set(row.id, row)
      }
    }
    const ordered = [...touching.values()].sort((a, b) => a.id - b.id)
    return { entities, relations: ordered.map((row) => answer.link(this.#link(row))) }
  }

  #entity(id: number): Entity {
    const row = this.#concepts.get(id)
    const observations = this.#concepts.observations(id).map(({ text }) => text)
    return { name: row?.name ?? '', entityType: row?.type ?? '', observations }
  }

  #allObservations(answer: Answer): Map<number, string[]> {
    const observed = new Map<number, string[]>()
    for (const { concept, text } of this.#concepts.allObservations()) {
      answer.add(text)
      const known = observed.get(concept)
      if (known) known.push(text)
      else observed.set(concept, [text])
    }
    return observed
  }

  #link({ origin, target, type }: RelationRow): Link {
    const { nodes } = this.graph.tables
    return { from: nodes.nameOf(origin), to: nodes.nameOf(target), relationType: type }
  }
}

const holds = ({ name, entityType, observations }: Entity, wanted: string) =>
  [name, entityType, ...observations].some((text) => text.toLowerCase().includes(wanted))

/** Counts what an answer grows to. */
class Answer {
  #bytes = 0

  constructor(private readonly most: number) {}

  /** @throws memory.too-large */
  add(...texts: readonly string[]): void {
    for (const text of texts) this.#bytes += text.length + 8
    if (this.#bytes > this.most) throw memoryTooLarge(Math.round(this.most / 1024 / 1024))
  }

  link(link: Link): Link {
    this.add(link.from, link.to, link.relationType)
    return link
  }
}
