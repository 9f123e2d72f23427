import type { WriteAct } from '../../shared/domain/memory.ts'
import type { ConceptStore } from './concept-store.ts'
import type { HistoryStore } from './history-store.ts'
import type { NodeStore } from './node-store.ts'
import type { RelationStore } from './relation-store.ts'
import { type ConceptRow, type Kind, kinds, type ObservationRow, type RelationRow, type Strengthened } from './rows.ts'
import type { UsageStore } from './usage-store.ts'

export interface Tables {
  readonly nodes: NodeStore
  readonly concepts: ConceptStore
  readonly relations: RelationStore
  readonly history: HistoryStore
  readonly usage: UsageStore
}

/** How many there are now, counted along, because counting a large table takes long. */
export interface Counts {
  concepts: number
  observations: number
  relations: number
  writes: number
  /** The highest place in the order of concepts. */
  seq: number
}

export interface WriteFacts {
  readonly id: number
  readonly at: number
  readonly act: WriteAct
  /** Bits: what its session had read. */
  readonly labels: number
}

/** The only way to change the graph: what a row was goes into the history before the row changes. */
export class GraphWrite {
  /** Concepts that came, changed or went: their texts and vectors are made anew before the write is done. */
  readonly touched = new Set<number>()
  #changes = 0
  readonly id: number
  readonly at: number
  readonly act: WriteAct
  readonly labels: number

  constructor(
    private readonly tables: Tables,
    private readonly counts: Counts,
    { id, at, act, labels }: WriteFacts,
  ) {
    this.id = id
    this.at = at
    this.act = act
    this.labels = labels
  }

  /** Whether anything is other than before. */
  get changed(): boolean {
    return this.#changes > 0
  }

  addConcept(draft: Pick<ConceptRow, 'name' | 'type'> & Partial<ConceptRow>): ConceptRow {
    const row: ConceptRow = {
      seq: ++this.counts.seq,
      description: '',
      attributes: '{}',
      confidence: 1,
      source: 'told',
      created_at: this.at,
      updated_at: this.at,
      created_by: this.id,
      updated_by: this.id,
      ...draft,
      labels: (draft.labels ?? 0) | this.labels,
      id: this.tables.nodes.need(draft.name),
    }
    this.putConcept(row)
    return row
  }

  /** As given, whether it was there or not: for undoing, too. */
  putConcept(row: ConceptRow): void {
    const { concepts, nodes } = this.tables
    const before = concepts.get(row.id)
    this.#note(kinds.concept, row.id, before)
    if (!before) this.counts.concepts++
    nodes.rename(row.id, row.name)
    concepts.put(row)
    this.touched.add(row.id)
  }

  /** What is known of it changed: says when, through whom, and keeps the labels of both. */
  changeConcept(row: ConceptRow, changes: Partial<ConceptRow> = {}): ConceptRow {
    const labels = row.labels | (changes.labels ?? 0) | this.labels
    const changed = { ...row, ...changes, labels, updated_at: this.at, updated_by: this.id }
    this.putConcept(changed)
    return changed
  }

  /** With its observations; its relations are the caller's to keep or remove. */
  removeConcept(id: number): void {
    const { concepts } = this.tables
    for (const observation of concepts.observations(id)) this.removeObservation(observation)
    this.#note(kinds.concept, id, concepts.get(id))
    concepts.remove(id)
    this.counts.concepts--
    this.touched.add(id)
  }

  /** @param by the write that brought it first, when it only changes its concept */
  addObservation(concept: number, text: string, by: number = this.id): void {
    const id = this.tables.concepts.addObservation(concept, text, by)
    this.#note(kinds.observation, id, undefined)
    this.counts.observations++
    this.touched.add(concept)
  }

  putObservation(row: ObservationRow): void {
    const before = this.tables.concepts.observation(row.id)
    this.#note(kinds.observation, row.id, before)
    if (!before) this.counts.observations++
    this.tables.concepts.putObservation(row)
    this.touched.add(row.concept)
  }

  removeObservation(row: ObservationRow): void {
    this.#note(kinds.observation, row.id, row)
    this.tables.concepts.removeObservation(row.id)
    this.counts.observations--
    this.touched.add(row.concept)
  }

  addRelation(draft: Pick<RelationRow, 'origin' | 'target' | 'type'> & Partial<RelationRow>): RelationRow {
    const row = {
      weight: 1,
      confidence: 1,
      inferred: 0,
      attributes: '{}',
      created_at: this.at,
      strengthened_at: this.at,
      created_by: this.id,
      ...draft,
      labels: (draft.labels ?? 0) | this.labels,
    }
    const id = this.tables.relations.add(row)
    this.#note(kinds.relation, id, undefined)
    this.counts.relations++
    return { ...row, id }
  }

  putRelation(row: RelationRow): void {
    const before = this.tables.relations.get(row.id)
    this.#note(kinds.relation, row.id, before)
    if (!before) this.counts.relations++
    this.tables.relations.put(row)
  }

  changeRelation(row: RelationRow, changes: Partial<RelationRow>): RelationRow {
    const changed = { ...row, ...changes, labels: row.labels | (changes.labels ?? 0) | this.labels }
    this.putRelation(changed)
    return changed
  }

  removeRelation(row: RelationRow): void {
    this.#note(kinds.relation, row.id, row)
    this.tables.relations.remove(row.id)
    this.counts.relations--
  }

  /** Counts for what it is worth now: also what a recall made of it meanwhile stays. */
  strengthen({ id, created_at }: Pick<ConceptRow, 'id' | 'created_at'>, gain: number): void {
    this.#note(kinds.strength, id, { gain } satisfies Strengthened)
    this.tables.usage.use(id, created_at, this.at, gain, 0)
  }

  #note(kind: Kind, thing: number, before: object | undefined): void {
    this.#changes++
    this.tables.history.note(kind, thing, this.id, before ? JSON.stringify(before) : null)
  }
}
