import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Consolidation, Provenance } from '../../../shared/domain/memory.ts'
import { GatehouseError } from '../../../shared/errors.ts'
import type { Graph } from '../graph.ts'
import type { GraphWrite } from '../graph-write.ts'
import type { ConceptRow, RelationRow } from '../rows.ts'
import { faded } from '../usage-store.ts'
import { foldedName } from './folded-name.ts'
import { isOnlyLearned } from './learned-source.ts'
import { merge } from './merge.ts'

/** Concepts of one type, as alike as this and with the same numbers in their names, are one. */
const sameAbove = 0.97
/** So many of those that changed last are compared by their vectors; names are compared of all. */
const comparedAtMost = 500
/** What was only learned and has faded below this goes: not mentioned for about four months. */
const prunedBelow = 0.06
const atOnce = 500
const strengthenedBy = 0.1

type Merged = Consolidation['merged'][number]

/**
 * Tidies up, a slice at a time, so that questions get in between. Everything it does is one write that can be undone. What was told
 * is merged but never pruned, and nothing is merged with what carries other labels.
 */
export class Consolidator {
  #running: Promise<Consolidation> | undefined
  /** When it ran last, since the app began. */
  #lastAt = 0

  constructor(private readonly graph: Graph) {}

  get lastAt(): number {
    return this.#lastAt
  }

  /** Asked again while it runs, it runs once. */
  consolidate(by: Provenance, signal?: AbortSignal): Promise<Consolidation> {
    this.#running ??= this.#consolidate(by, signal).finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  get running(): boolean {
    return this.#running !== undefined
  }

  /** Resolves when none runs. */
  async settled(): Promise<void> {
    await this.#running?.catch(() => {})
  }

  async #consolidate(by: Provenance, signal?: AbortSignal): Promise<Consolidation> {
    const began = performance.now()
    const work = new SlicedWrite(this.graph, by)
    const merged: Merged[] = []
    let [prunedConcepts, prunedRelations, strengthened] = [0, 0, 0]
    for await (const pair of this.#duplicates(signal)) {
      const one = unlessTooLarge(() => work.slice((write) => this.#merge(pair, write)))
      if (one) merged.push(one)
    }
    for await (const rows of this.#concepts(signal))
      prunedConcepts += work.slice((write) => this.#pruneConcepts(rows, write))
    for await (const rows of this.#relations(signal)) {
      const done = work.slice((write) => this.#tendRelations(rows, write))
      prunedRelations += done.pruned
      strengthened += done.strengthened
    }
    if (!signal?.aborted) this.graph.texts.mergeSome()
    this.#lastAt = this.graph.now()
    return {
      ...(work.id === undefined ? {} : { write: `wr_${work.id}` as const }),
      merged,
      prunedConcepts,
      prunedRelations,
      strengthened,
      durationMs: Math.round(performance.now() - began),
      sizeBytes: this.graph.sizeBytes(),
    }
  }

  async *#concepts(signal?: AbortSignal): AsyncIterable<ConceptRow[]> {
    const { concepts } = this.graph.tables
    for (let rows = concepts.after(0, atOnce); rows.length > 0; rows = concepts.after(rows.at(-1)?.id ?? 0, atOnce)) {
      yield rows
      await nextTurn()
      if (signal?.aborted) return
    }
  }

  async *#relations(signal?: AbortSignal): AsyncIterable<RelationRow[]> {
    const { relations } = this.graph.tables
    for (let rows = relations.after(0, atOnce); rows.length > 0; rows = relations.after(rows.at(-1)?.id ?? 0, atOnce)) {
      yield rows
      await nextTurn()
      if (signal?.aborted) return
    }
  }

  async *#duplicates(signal?: AbortSignal): AsyncIterable<Merged & { readonly ids: readonly [number, number] }> {
    const byName = new Map<string, number>()
    const changed: ConceptRow[] = []
    for await (const rows of this.#concepts(signal))
      for (const row of rows) {
        const key = `${foldedName(row.name)}\n${foldedName(row.type)}\n${row.labels}`
        const first = byName.get(key)
        if (first === undefined) byName.set(key, row.id)
        else yield this.#pair(first, row.id, 1)
        if (row.updated_at > this.#lastAt) changed.push(row)
      }
    for (const row of changed.sort((a, b) => b.updated_at - a.updated_at).slice(0, comparedAtMost)) {
      const other = this.#twin(row)
      if (other) yield this.#pair(Math.min(row.id, other.id), Math.max(row.id, other.id), other.similarity)
      await nextTurn()
      if (signal?.aborted) return
    }
  }

  #pair(kept: number, gone: number, similarity: number) {
    const { nodes } = this.graph.tables
    return { kept: nodes.nameOf(kept), gone: nodes.nameOf(gone), similarity, ids: [kept, gone] as const }
  }

  #twin(row: ConceptRow): { id: number; similarity: number } | undefined {
    const { vectors, tables } = this.graph
    const vector = vectors.current.index.vector(row.id)
    const near = vector ? vectors.nearest(vector, 3) : []
    return near.find(({ id, similarity }) => {
      const other = id === row.id || similarity < sameAbove ? undefined : tables.concepts.get(id)
      return other && other.type === row.type && other.labels === row.labels && numbersIn(other) === numbersIn(row)
    })
  }

  #merge({ ids: [kept, gone], ...said }: Merged & { readonly ids: readonly [number, number] }, write: GraphWrite) {
    const { concepts } = this.graph.tables
    const [stays, goes] = [concepts.get(kept), concepts.get(gone)]
    if (!stays || !goes) return undefined
    merge(this.graph, stays, goes, write)
    return said
  }

  #pruneConcepts(rows: readonly ConceptRow[], write: GraphWrite): number {
    let pruned = 0
    for (const { id } of rows) {
      const row = this.graph.tables.concepts.get(id)
      if (!row || !isOnlyLearned(row.source) || this.#strength(row, write.at) >= prunedBelow) continue
      for (const relation of this.graph.tables.relations.touching(id)) write.removeRelation(relation)
      write.removeConcept(id)
      pruned++
    }
    return pruned
  }

  /** Inferred ones fade; those whose ends were both of use since the last time are nearer. */
  #tendRelations(rows: readonly RelationRow[], write: GraphWrite): { pruned: number; strengthened: number } {
    let [pruned, strengthened] = [0, 0]
    for (const { id } of rows) {
      const row = this.graph.tables.relations.get(id)
      if (!row) continue
      if (row.inferred && faded(row.weight, row.strengthened_at, write.at) < prunedBelow) {
        write.removeRelation(row)
        pruned++
      } else if (this.#used(row.origin) && this.#used(row.target) && row.weight < 1) {
        write.changeRelation(row, { weight: row.weight + (1 - row.weight) * strengthenedBy, strengthened_at: write.at })
        strengthened++
      }
    }
    return { pruned, strengthened }
  }

  #used(id: number): boolean {
    const used = this.graph.tables.usage.get(id)
    return used !== undefined && used.access_count > 0 && used.accessed_at > this.#lastAt
  }

  #strength(row: ConceptRow, now: number): number {
    const used = this.graph.tables.usage.get(row.id)
    return faded(used?.strength ?? 1, used?.strengthened_at ?? row.created_at, now)
  }
}

const numbersIn = ({ name }: ConceptRow): string => (name.match(/\p{N}+/gu) ?? []).join(' ')

/** Two that are too much for one concept stay two. */
function unlessTooLarge<T>(work: () => T): T | undefined {
  try {
    return work()
  } catch (error) {
    if (error instanceof GatehouseError && error.code === 'memory.limit') return undefined
    throw error
  }
}

/** One write in many transactions: it is on record with the first slice that changes something. */
class SlicedWrite {
  id: number | undefined

  constructor(
    private readonly graph: Graph,
    private readonly by: Provenance,
  ) {}

  slice<T>(change: (write: GraphWrite) => T): T {
    const { id, by } = this
    if (id !== undefined) return this.graph.continue({ id, by, act: 'consolidate' }, change)
    return this.graph.write('consolidate', by, (write) => {
      const result = change(write)
      if (write.changed) this.id = write.id
      return result
    })
  }
}
