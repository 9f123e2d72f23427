import type { Place } from '../../shared/domain/memory.ts'
import type { Database, Statement } from '../store/database.ts'
import type { ConceptRow, ObservationRow } from './rows.ts'

interface Counted {
  readonly value: string
  readonly count: number
}

/** Concepts and their observations, as they are now. */
export class ConceptStore {
  readonly #one: Statement<[number], ConceptRow>
  readonly #byName: Statement<[string], ConceptRow>
  readonly #all: Statement<[], ConceptRow>
  readonly #after: Statement<[number, number], ConceptRow>
  readonly #newest: Statement<[number, number, number], ConceptRow>
  readonly #byChange: Statement<[number, number], { id: number }>
  readonly #types: Statement<[number], Counted>
  readonly #sources: Statement<[number], Counted>
  readonly #bringers: Statement<[number], Counted & { name: string }>
  readonly #made: Statement<[number, number, number], ConceptRow>
  readonly #put: Statement<[ConceptRow]>
  readonly #remove: Statement<[number]>
  readonly #observations: Statement<[number], ObservationRow>
  readonly #observation: Statement<[number], ObservationRow>
  readonly #allObservations: Statement<[], ObservationRow>
  readonly #addObservation: Statement<[number, string, number]>
  readonly #putObservation: Statement<[ObservationRow]>
  readonly #removeObservation: Statement<[number]>
  readonly #counts: Statement<[], { concepts: number; observations: number; seq: number }>

  constructor(db: Database) {
    const select = 'SELECT concept.*, node.name FROM concept JOIN node USING (id)'
    this.#one = db.prepare(`${select} WHERE id = ?`)
    this.#byName = db.prepare(`${select} WHERE node.name = ?`)
    this.#all = db.prepare(`${select} ORDER BY seq, id`)
    this.#after = db.prepare(`${select} WHERE concept.id > ? ORDER BY concept.id LIMIT ?`)
    this.#newest = db.prepare(`${select} WHERE (updated_at, concept.id) < (?, ?)
      ORDER BY updated_at DESC, concept.id DESC LIMIT ?`)
    this.#byChange = db.prepare('SELECT id FROM concept ORDER BY updated_at DESC, id DESC LIMIT ? OFFSET ?')
    const most = 'ORDER BY count DESC, value LIMIT ?'
    this.#types = db.prepare(`SELECT type AS value, count(*) AS count FROM concept GROUP BY type ${most}`)
    this.#sources = db.prepare(`SELECT source AS value, count(*) AS count FROM concept GROUP BY source ${most}`)
    this.#bringers = db.prepare(`
      SELECT client AS value, max(client_name) AS name, count(*) AS count
      FROM concept JOIN write ON write.id = concept.created_by GROUP BY client ${most}`)
    this.#made = db.prepare(`${select} WHERE (seq, concept.id) > (?, ?) ORDER BY seq, concept.id LIMIT ?`)
    this.#put = db.prepare(`
      INSERT OR REPLACE INTO concept (id, seq, type, description, attributes, confidence, source, labels, created_at,
        updated_at, created_by, updated_by)
      VALUES (@id, @seq, @type, @description, @attributes, @confidence, @source, @labels, @created_at, @updated_at,
        @created_by, @updated_by)`)
    this.#remove = db.prepare('DELETE FROM concept WHERE id = ?')
    this.#observations = db.prepare('SELECT * FROM observation WHERE concept = ? ORDER BY id')
    this.#observation = db.prepare('SELECT * FROM observation WHERE id = ?')
    this.#allObservations = db.prepare('SELECT * FROM observation ORDER BY concept, id')
    this.#addObservation = db.prepare('INSERT INTO observation (concept, text, by) VALUES (?, ?, ?)')
    this.#putObservation = db.prepare('INSERT OR REPLACE INTO observation VALUES (@id, @concept, @text, @by)')
    this.#removeObservation = db.prepare('DELETE FROM observation WHERE id = ?')
    this.#counts = db.prepare(`
      SELECT (SELECT count(*) FROM concept) AS concepts, (SELECT count(*) FROM observation) AS observations,
        (SELECT coalesce(max(seq), 0) FROM concept) AS seq`)
  }

  get = (id: number): ConceptRow | undefined => this.#one.get(id)
  named = (name: string): ConceptRow | undefined => this.#byName.get(name)
  all = (): IterableIterator<ConceptRow> => this.#all.iterate()
  /** By id, for going through all of them in slices. */
  after = (id: number, limit: number): ConceptRow[] => this.#after.all(id, limit)
  /** The one that changed last first, after the place `(changedAt, id)`. */
  newest = (changedAt: number, id: number, limit: number): ConceptRow[] => this.#newest.all(changedAt, id, limit)
  /** All, the one that changed last first. */
  byChange = (limit = -1, skip = 0): IterableIterator<{ id: number }> => this.#byChange.iterate(limit, skip)
  /** The most frequent values, at most so many of each. */
  counted = (most: number) => ({
    types: this.#types.all(most),
    sources: this.#sources.all(most),
    clients: this.#bringers.all(most),
  })
  /** In the order they were made. */
  made = (after: Place, limit: number): ConceptRow[] => this.#made.all(...after, limit)
  put = (row: ConceptRow): void => void this.#put.run(row)
  remove = (id: number): void => void this.#remove.run(id)

  observations = (concept: number): ObservationRow[] => this.#observations.all(concept)
  observation = (id: number): ObservationRow | undefined => this.#observation.get(id)
  /** Grouped by concept. */
  allObservations = (): IterableIterator<ObservationRow> => this.#allObservations.iterate()
  addObservation = (concept: number, text: string, by: number): number =>
    Number(this.#addObservation.run(concept, text, by).lastInsertRowid)
  putObservation = (row: ObservationRow): void => void this.#putObservation.run(row)
  removeObservation = (id: number): void => void this.#removeObservation.run(id)

  /** Reads the tables through: asked once, when they are opened. */
  counts = () => this.#counts.get() ?? { concepts: 0, observations: 0, seq: 0 }
}
