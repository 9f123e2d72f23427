import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Change, ConceptRef, Provenance, Write, WriteAct, WriteId } from '../../shared/domain/memory.ts'
import { memoryChangedSince, memoryNoWrite, memoryUndone } from '../../shared/errors.ts'
import { type Graph, numberOf } from './graph.ts'
import type { GraphWrite } from './graph-write.ts'
import { type ChangeRow, provenanceOf, type WriteRow } from './history-store.ts'
import { type ConceptRow, type Kind, kinds, type ObservationRow, type RelationRow, type Strengthened } from './rows.ts'
import { faded } from './usage-store.ts'

const shownChanges = 100
/** Changes of a write that are taken back in one go. */
const undoneAtOnce = 200
const newest = Number.MAX_SAFE_INTEGER

/** What was done to the memory, and taking it back. */
export class History {
  constructor(private readonly graph: Graph) {}

  list({ of, before, limit }: { of?: ConceptRef; before?: WriteId; limit: number }): Write[] {
    const { history, nodes } = this.graph.tables
    const until = before ? numberOf(before) : newest
    if (!of) return history.latest(until, limit).map((row) => this.#shown(row))
    const id = 'name' in of ? nodes.find(of.name) : numberOf(of.id)
    return id === undefined ? [] : history.latestOf(id, until, limit).map((row) => this.#shown(row))
  }

  /** @throws memory.no-write, memory.undone, memory.changed-since */
  undo(id: WriteId, by: Provenance): WriteId {
    const { history } = this.graph.tables
    const row = this.#undoable(id)
    const changes = history.changes(row.id)
    for (const change of changes) this.#unchangedSince(change)
    const undone = this.graph.write(
      'undo',
      by,
      (write) => {
        for (const change of changes) this.#restore(change, write, row.at)
        history.markUndone(row.id, write.id)
        return write.id
      },
      row.id,
    )
    return `wr_${undone}`
  }

  /** Whether undoing it takes so long that others should get in between. */
  isLong = (id: WriteId): boolean => this.graph.tables.history.changeCount(numberOf(id)) > undoneAtOnce

  /** The same in slices, as one write. Only on a connection nobody else uses. @param turn lets others get in between */
  async undoInSlices(id: WriteId, by: Provenance, turn: () => Promise<void>): Promise<WriteId> {
    const { history } = this.graph.tables
    const row = this.#undoable(id)
    const undo = this.graph.long('undo', by, row.id)
    try {
      for (const slice of this.#slices(row.id)) {
        for (const change of slice) this.#unchangedSince(change)
        await turn()
      }
      for (const slice of this.#slices(row.id)) {
        undo.slice((write) => {
          for (const change of slice) this.#restore(change, write, row.at)
          history.markUndone(row.id, write.id)
        })
        await turn()
      }
      return undo.keep() as WriteId
    } catch (error) {
      undo.drop()
      throw error
    }
  }

  /** What a write changed, read as it is needed: of an import it is more than should be held at once. */
  *#slices(write: number): Generator<readonly ChangeRow[]> {
    const { history } = this.graph.tables
    let slice = history.changes(write, undoneAtOnce)
    while (slice.length > 0) {
      yield slice
      slice = history.changes(write, undoneAtOnce, slice.at(-1))
    }
  }

  #undoable(id: WriteId): WriteRow {
    const row = this.graph.tables.history.write(numberOf(id))
    if (!row) throw memoryNoWrite(id)
    if (row.undone_by !== null) throw memoryUndone(id)
    return row
  }

  /** What the write left must still be there, also if it was changed and changed back. */
  #unchangedSince({ kind, thing, write, before }: ChangeRow): void {
    if (kind === kinds.strength) return // what it gained is taken back, whatever it gained since
    const next = this.graph.tables.history.next(kind, thing, write)
    if (next && next.before !== this.#present(kind, thing)) this.#refuse(kind, thing, next.write)
    const wanted = before === null ? undefined : JSON.parse(before)
    if (wanted && this.#taken(kind, wanted)) this.#refuse(kind, thing, write)
  }

  #refuse(kind: Kind, thing: number, write: number): never {
    throw memoryChangedSince(this.#nameOf(kind, thing) || `${thing}`, `wr_${write}`)
  }

  /** Whether something else is by now where a row would be put back. */
  #taken(kind: Kind, row: ConceptRow & RelationRow): boolean {
    const { concepts, relations } = this.graph.tables
    if (kind === kinds.concept) return (concepts.named(row.name)?.id ?? row.id) !== row.id
    if (kind === kinds.relation) return (relations.find(row.origin, row.target, row.type)?.id ?? row.id) !== row.id
    return false
  }

  #row(kind: Kind, thing: number): ConceptRow | ObservationRow | RelationRow | undefined {
    const { concepts, relations } = this.graph.tables
    if (kind === kinds.concept) return concepts.get(thing)
    return kind === kinds.observation ? concepts.observation(thing) : relations.get(thing)
  }

  #present(kind: Kind, thing: number): string | null {
    const row = this.#row(kind, thing)
    return row ? JSON.stringify(row) : null
  }

  #restore({ kind, thing, before }: ChangeRow, write: GraphWrite, at: number): void {
    const row = before === null ? undefined : JSON.parse(before)
    if (kind === kinds.strength) {
      this.#weaken(thing, row, write, at)
      return
    }
    const present = this.#row(kind, thing)
    if (!row && !present) return
    if (kind === kinds.concept) row ? write.putConcept(row) : write.removeConcept(thing)
    else if (kind === kinds.observation)
      row ? write.putObservation(row) : write.removeObservation(present as ObservationRow)
    else row ? write.putRelation(row) : write.removeRelation(present as RelationRow)
  }

  /** Takes what is left of a gain. */
  #weaken(thing: number, { gain }: Strengthened, write: GraphWrite, at: number): void {
    const concept = this.graph.tables.concepts.get(thing)
    if (concept) write.strengthen(concept, -faded(gain, at, write.at))
  }

  #shown(row: WriteRow): Write {
    const { history } = this.graph.tables
    return {
      id: `wr_${row.id}`,
      at: row.at as EpochMs,
      act: row.act as WriteAct,
      by: provenanceOf(row),
      changes: history.shownChanges(row.id, shownChanges).map((change) => this.#change(change)),
      changeCount: history.changeCount(row.id),
      ...(row.undone_by === null ? {} : { undoneBy: `wr_${row.undone_by}` as const }),
      ...(row.undoes === null ? {} : { undoes: `wr_${row.undoes}` as const }),
    }
  }

  #change({ kind, thing, write, before }: ChangeRow): Change {
    if (kind === kinds.strength)
      return { what: 'concept', id: `co_${thing}`, name: this.#nameOf(kinds.concept, thing), kind: 'changed' }
    const next = this.graph.tables.history.next(kind, thing, write)
    const after = next ? next.before : this.#present(kind, thing)
    const what = kind === kinds.concept ? 'concept' : 'relation'
    const relation = what === 'relation' ? (JSON.parse(before ?? after ?? 'null') as RelationRow | null) : null
    return {
      what,
      id: what === 'concept' ? `co_${thing}` : `re_${thing}`,
      name: this.#nameOf(kind, thing, before ?? after),
      kind: before === null ? 'added' : after === null ? 'removed' : 'changed',
      ...(relation ? { ends: [`co_${relation.origin}`, `co_${relation.target}`] as const } : {}),
    }
  }

  #nameOf(kind: Kind, thing: number, image?: string | null): string {
    const { nodes } = this.graph.tables
    if (kind === kinds.concept) return nodes.nameOf(thing)
    const row = (image ? JSON.parse(image) : this.#row(kind, thing)) as RelationRow | undefined
    return row && kind === kinds.relation ? `${nodes.nameOf(row.origin)} ${row.type} ${nodes.nameOf(row.target)}` : ''
  }
}
