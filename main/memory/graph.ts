import type { EpochMs } from '../../shared/domain/ids.ts'
import type {
  Concept,
  ConceptId,
  ConceptRef,
  MemoryLimits,
  Provenance,
  Relation,
  RelationId,
  WriteAct,
  WriteId,
} from '../../shared/domain/memory.ts'
import { memoryUnknown } from '../../shared/errors.ts'
import type { Database } from '../store/database.ts'
import { ConceptStore } from './concept-store.ts'
import { type Counts, GraphWrite, type Tables } from './graph-write.ts'
import { HistoryStore } from './history-store.ts'
import { checkConceptSize, roomFor } from './limits.ts'
import { NodeStore } from './node-store.ts'
import { preparedForFilters } from './recall/meeting.ts'
import { RelationStore } from './relation-store.ts'
import { type ConceptRow, labelBits, labelsOf, type ObservationRow, type RelationRow } from './rows.ts'
import { bodyOf, TextIndex, textsOf } from './text-index.ts'
import { faded, UsageStore } from './usage-store.ts'
import { Vectors, type VectorsParts } from './vectors.ts'

export interface GraphParts extends VectorsParts {
  readonly limits: MemoryLimits
  readonly now: () => number
  /** After a write is on the disk. */
  readonly onWrite: (write: WriteId) => void
}

export interface LongWrite {
  slice(change: (write: GraphWrite) => void): void
  /** @returns undefined when nothing is other than before */
  keep(): WriteId | undefined
  /** Nothing of it was ever there. */
  drop(): void
}

/** What is too large already can still be made smaller, and taken back. */
const makeRoom: ReadonlySet<WriteAct> = new Set([
  'delete_entities',
  'delete_observations',
  'delete_relations',
  'forget',
  'undo',
])

/** A write of more concepts leaves their vectors to the background. */
const vectorsAtOnce = 200

/** The tables of one workspace's memory, and the one way to write them: everything of a write, with its indexes, or nothing. */
export class Graph {
  readonly tables: Tables
  readonly texts: TextIndex
  readonly vectors: Vectors
  readonly counts: Counts
  #later: (() => void)[] | undefined
  #revision = 0

  constructor(private readonly parts: GraphParts) {
    const { db } = parts
    preparedForFilters(db)
    this.tables = {
      nodes: new NodeStore(db),
      concepts: new ConceptStore(db),
      relations: new RelationStore(db),
      history: new HistoryStore(db),
      usage: new UsageStore(db),
    }
    this.texts = new TextIndex(db)
    this.vectors = new Vectors(parts)
    this.counts = this.#counted()
  }

  get db(): Database {
    return this.parts.db
  }
  get limits(): MemoryLimits {
    return this.parts.limits
  }
  now = (): EpochMs => this.parts.now() as EpochMs
  /** Another one after anything was written. */
  get revision(): number {
    return this.#revision
  }

  /** @param undoes the write this one takes back */
  write<T>(act: WriteAct, by: Provenance, change: (write: GraphWrite) => T, undoes?: number): T {
    const { history } = this.tables
    const before = { ...this.counts }
    let written: number | undefined
    try {
      const result = this.db
        .transaction(() => {
          const at = this.now()
          const id = history.begin(at, act, by, undoes)
          const write = new GraphWrite(this.tables, this.counts, { id, at, act, labels: labelBits(by.labels) })
          const returned = change(write)
          this.#finish(write)
          if (write.changed || undoes !== undefined) written = id
          else history.drop(id)
          return returned
        })
        .immediate()
      if (written !== undefined) this.#tell(written)
      return result
    } catch (error) {
      this.#takenBack(before)
      throw error
    }
  }

  /** Goes on with a write that was begun before: one slice of long work. */
  continue<T>(
    write: { readonly id: number; readonly act: WriteAct; readonly by: Provenance },
    change: (write: GraphWrite) => T,
  ): T {
    const before = { ...this.counts }
    try {
      return this.db
        .transaction(() => {
          const slice = new GraphWrite(this.tables, this.counts, {
            id: write.id,
            at: this.now(),
            act: write.act,
            labels: labelBits(write.by.labels),
          })
          const returned = change(slice)
          this.#finish(slice)
          return returned
        })
        .immediate()
    } catch (error) {
      this.#takenBack(before)
      throw error
    }
  }

  /**
   * A write in slices that nothing sees before it is kept. Only on a connection nobody else uses: the transaction stays open
   * in between. Vectors are left to the background.
   * @param undoes the write this one takes back
   */
  long(act: WriteAct, by: Provenance, undoes?: number): LongWrite {
    const { history } = this.tables
    this.db.exec('BEGIN IMMEDIATE')
    const at = this.now()
    const id = history.begin(at, act, by, undoes)
    let changed = undoes !== undefined
    return {
      slice: (change) => {
        const write = new GraphWrite(this.tables, this.counts, { id, at, act, labels: labelBits(by.labels) })
        change(write)
        this.#finish(write, false)
        changed ||= write.changed
      },
      keep: () => {
        if (!changed) history.drop(id)
        this.db.exec('COMMIT')
        if (changed) this.#tell(id)
        return changed ? `wr_${id}` : undefined
      },
      drop: () => {
        this.db.exec('ROLLBACK')
        this.vectors.unsure()
      },
    }
  }

  #takenBack(before: Counts): void {
    Object.assign(this.counts, before)
    this.vectors.unsure()
  }

  /** Keeps count of use: now, or when another connection has done its long write. */
  counting(work: () => void): void {
    if (this.#later) this.#later.push(work)
    else this.db.transaction(work)()
  }
  /** Another connection has the right to write; nothing here may until `writable`. */
  readOnly(): void {
    this.#later = []
  }
  writable(): void {
    const works = this.#later ?? []
    this.#later = undefined
    this.recount()
    this.vectors.unsure()
    if (works.length > 0) this.db.transaction(() => works.map((work) => work()))()
  }

  /** @throws memory.unknown */
  need(ref: ConceptRef): ConceptRow {
    const row = this.find(ref)
    if (!row) throw memoryUnknown('name' in ref ? ref.name : ref.id)
    return row
  }

  find = (ref: ConceptRef): ConceptRow | undefined =>
    'name' in ref ? this.tables.concepts.named(ref.name) : this.tables.concepts.get(numberOf(ref.id))

  concept(row: ConceptRow, observations = this.tables.concepts.observations(row.id)): Concept {
    const { history, usage } = this.tables
    const used = usage.get(row.id)
    return {
      id: `co_${row.id}`,
      name: row.name,
      type: row.type,
      description: row.description,
      attributes: JSON.parse(row.attributes),
      observations: observations.map((one) => this.#observation(one, row)),
      confidence: row.confidence,
      source: row.source,
      createdAt: row.created_at as EpochMs,
      updatedAt: row.updated_at as EpochMs,
      createdBy: history.provenance(row.created_by),
      updatedBy: history.provenance(row.updated_by),
      labels: labelsOf(row.labels),
      accessCount: used?.access_count ?? 0,
      ...(used && used.access_count > 0 ? { accessedAt: used.accessed_at as EpochMs } : {}),
      strength: faded(used?.strength ?? 1, used?.strengthened_at ?? row.created_at, this.now()),
    }
  }

  relation(row: RelationRow): Relation {
    const { nodes, history } = this.tables
    return {
      id: `re_${row.id}`,
      from: nodes.nameOf(row.origin),
      to: nodes.nameOf(row.target),
      type: row.type,
      weight: row.weight,
      confidence: row.confidence,
      inferred: row.inferred === 1,
      attributes: JSON.parse(row.attributes),
      createdAt: row.created_at as EpochMs,
      createdBy: history.provenance(row.created_by),
      labels: labelsOf(row.labels),
    }
  }

  #observation({ text, by }: ObservationRow, concept: ConceptRow): Concept['observations'][number] {
    const { history } = this.tables
    const at = by === concept.created_by ? concept.created_at : (history.write(by)?.at ?? concept.updated_at)
    return { text, at: at as EpochMs, by: history.provenance(by) }
  }

  /** Limits are looked at and indexes made once, when everything else is done. */
  #finish(write: GraphWrite, vectorsNow = write.touched.size <= vectorsAtOnce): void {
    this.#revision++
    const mayGrow = makeRoom.has(write.act)
    roomFor(this.counts, this.limits, mayGrow ? 0 : this.sizeBytes())
    for (const id of write.touched) this.index(id, vectorsNow, mayGrow ? undefined : this.limits)
  }

  /** Makes texts and vectors of a concept anew, or takes them away when it is gone. @throws memory.limit with `limits` */
  index(id: number, vectorsNow = true, limits?: MemoryLimits): void {
    const row = this.tables.concepts.get(id)
    if (!row) {
      this.texts.drop(id)
      this.vectors.drop(id)
      return
    }
    const texts = textsOf(row, this.tables.concepts.observations(id))
    if (limits) checkConceptSize(texts, limits)
    this.texts.put(id, texts)
    if (vectorsNow) this.vectors.put(id, embeddedText(row, bodyOf(texts)))
    else this.vectors.postpone(id)
  }

  /** After something went that no write took away. */
  recount(): void {
    this.#revision++
    Object.assign(this.counts, this.#counted())
  }

  /** With what is not in the main file yet. */
  sizeBytes = (): number =>
    Number(this.db.pragma('page_count', { simple: true })) * Number(this.db.pragma('page_size', { simple: true }))

  #tell(id: number): void {
    this.counts.writes++
    this.parts.onWrite(`wr_${id}`)
  }

  #counted(): Counts {
    const { concepts, relations, history } = this.tables
    return { ...concepts.counts(), relations: relations.count(), writes: history.count() }
  }
}

/** The name says most: it counts twice. */
export const embeddedText = ({ name, type }: ConceptRow, body: string): string => `${name}\n${name}\n${type}\n${body}`

export const numberOf = (id: ConceptId | RelationId | WriteId): number => Number(id.slice(3))
