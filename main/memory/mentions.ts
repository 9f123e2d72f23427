import type { EpochMs } from '../../shared/domain/ids.ts'
import type { Json } from '../../shared/domain/json.ts'
import type { Mention, MentionErasure, Provenance, Rectification } from '../../shared/domain/memory.ts'
import { type Seek, type SubjectWords, seekIn, seekInValue, withoutPerson } from '../../shared/domain/subject.ts'
import type { ConceptBook } from './concept-book.ts'
import { takeAway } from './erase.ts'
import type { Graph } from './graph.ts'
import { kinds } from './rows.ts'
import { wordsOf } from './words.ts'

/** Rows looked at before others get their turn. */
const atOnce = 500

interface Row {
  readonly id: number
  readonly texts: string
  /** The concept it is said of. */
  readonly of: number
  readonly at: number
}
interface ContextTexts {
  readonly session: string
  readonly goals: string
  readonly task: string
  readonly tags: string
  readonly history: string
  readonly at: number
}
interface Image {
  readonly kind: number
  readonly thing: number
  readonly write: number
  readonly before: string
}

/** Where each kind of thing has its words; `texts` is JSON. A name without a concept has one too. */
const places = {
  name: `SELECT node.id, json_array(node.name) AS texts, node.id AS of, coalesce(concept.created_at, 0) AS at
    FROM node LEFT JOIN concept USING (id) WHERE node.id > ? ORDER BY node.id LIMIT ${atOnce}`,
  concept: `SELECT id, json_array(type, description, source, json(attributes)) AS texts, id AS of, created_at AS at
    FROM concept WHERE id > ? ORDER BY id LIMIT ${atOnce}`,
  observation: `SELECT observation.id, json_array(text) AS texts, concept AS of, write.at FROM observation
    JOIN write ON write.id = by WHERE observation.id > ? ORDER BY observation.id LIMIT ${atOnce}`,
  relation: `SELECT id, json_array(type, json(attributes)) AS texts, origin AS of, created_at AS at FROM relation
    WHERE id > ? ORDER BY id LIMIT ${atOnce}`,
} as const
type Place = keyof typeof places

/** What of a workspace's memory names a person, history included; finding it, correcting it, and taking it away for good. */
export class Mentions {
  constructor(
    private readonly graph: Graph,
    private readonly book: ConceptBook,
  ) {}

  async find(words: SubjectWords): Promise<readonly Mention[]> {
    const seek = seekIn(words)
    const found: Mention[] = []
    for (const kind of Object.keys(places) as Place[])
      for await (const { row, excerpt } of this.#rows(kind, seek)) {
        const at = row.at === 0 ? {} : { at: row.at as EpochMs }
        found.push({ kind, name: this.graph.tables.nodes.nameOf(row.of), excerpt, ...at })
      }
    for (const { session, at, excerpt } of this.#contexts(seek))
      found.push({ kind: 'context', name: session, excerpt, at })
    for await (const { image, excerpt } of this.#images(seek)) {
      const at = this.graph.tables.history.write(image.write)?.at
      found.push({ kind: 'history', name: this.#nameOf(image), excerpt, ...(at ? { at: at as EpochMs } : {}) })
    }
    return found
  }

  /** Whole concepts that are named for the person; of others only what names them. Cannot be undone. */
  async erase(words: SubjectWords): Promise<MentionErasure> {
    const seek = seekIn(words)
    const gone = new Set<number>()
    for await (const { row } of this.#rows('name', seek)) gone.add(row.id)
    const [texts, said, related] = [new Set<number>(), new Set<number>(), new Set<number>()]
    for await (const { row } of this.#rows('concept', seek)) texts.add(row.id)
    for await (const { row } of this.#rows('observation', seek)) said.add(row.id)
    for await (const { row } of this.#rows('relation', seek)) related.add(row.id)
    const images: Image[] = []
    for await (const { image } of this.#images(seek)) images.push(image)
    const dropContext = this.graph.db.prepare('DELETE FROM session_context WHERE session = ?')
    const concepts = takeAway(this.graph, [...gone], () => {
      for (const { session } of this.#contexts(seek)) dropContext.run(session)
      const touched = new Set<number>()
      for (const id of said) touched.add(this.#unsay(id))
      for (const id of related) this.#unrelate(id)
      for (const image of images) this.#forgetImage(image, seek)
      for (const id of texts) {
        this.#blank(id, seek)
        touched.add(id)
      }
      for (const id of touched) if (!gone.has(id)) this.graph.index(id)
    })
    this.#forgetWords(words)
    return { concepts, observations: said.size, relations: related.size, fields: texts.size, history: images.length }
  }

  /** Replaces a wrong text by the right one in what is known of the person now. Can be undone, as any change. */
  async rectify(words: SubjectWords, wrong: string, right: string, by: Provenance): Promise<Rectification> {
    const seek = seekIn(words)
    const ids = new Set<number>()
    for (const kind of ['name', 'concept', 'observation'] as const)
      for await (const { row } of this.#rows(kind, seek)) ids.add(row.of)
    const correct = corrector(wrong, right)
    const changed: string[] = []
    for (const id of ids) {
      const row = this.graph.tables.concepts.get(id)
      if (!row) continue
      const { name, description, attributes, observations } = this.graph.concept(row)
      const texts = observations.map(({ text }) => text)
      const before = { name, description, attributes, observations: texts }
      const after = correct(before)
      if (JSON.stringify(after) === JSON.stringify(before)) continue
      this.book.updateConcept({ id: `co_${id}` }, after, by)
      changed.push(after.name)
    }
    return { changed }
  }

  async *#rows(kind: Place, seek: Seek): AsyncGenerator<{ row: Row; excerpt: string }> {
    const page = this.graph.db.prepare<[number], Row>(places[kind])
    for (let after = 0; ; ) {
      const rows = page.all(after)
      for (const row of rows) {
        const excerpt = seekInValue(seek, JSON.parse(row.texts))
        if (excerpt !== undefined) yield { row, excerpt }
      }
      if (rows.length < atOnce) return
      after = rows.at(-1)?.id ?? after
      await new Promise(setImmediate)
    }
  }

  /** What sessions said they are about: goals, task, tags and what was done. */
  #contexts(seek: Seek): { session: string; at: EpochMs; excerpt: string }[] {
    return this.graph.db
      .prepare<[], ContextTexts>('SELECT session, goals, task, tags, history, updated_at AS at FROM session_context')
      .all()
      .flatMap(({ session, at, task, ...lists }) => {
        const excerpt = seekInValue(seek, [task, ...Object.values(lists).map((list) => JSON.parse(list) as Json)])
        return excerpt === undefined ? [] : { session, at: at as EpochMs, excerpt }
      })
  }

  /** What things were before they changed. */
  async *#images(seek: Seek): AsyncGenerator<{ image: Image; excerpt: string }> {
    const page = this.graph.db.prepare<[number, number, number], Image>(
      `SELECT * FROM change WHERE (kind, thing, write) > (?, ?, ?) AND before IS NOT NULL
        ORDER BY kind, thing, write LIMIT ${atOnce}`,
    )
    let after: [number, number, number] = [-1, 0, 0]
    for (;;) {
      const images = page.all(...after)
      for (const image of images) {
        const { attributes, ...row } = JSON.parse(image.before) as { attributes?: string }
        const known = attributes === undefined ? {} : (JSON.parse(attributes) as Json)
        const excerpt = seekInValue(seek, [row, known])
        if (excerpt !== undefined) yield { image, excerpt }
      }
      const last = images.at(-1)
      if (!last || images.length < atOnce) return
      after = [last.kind, last.thing, last.write]
      await new Promise(setImmediate)
    }
  }

  #nameOf({ kind, thing, before }: Image): string {
    const { nodes } = this.graph.tables
    const row = JSON.parse(before) as { concept?: number; origin?: number }
    return nodes.nameOf(kind === kinds.concept ? thing : (row.concept ?? row.origin ?? 0))
  }

  /** @returns its concept */
  #unsay(id: number): number {
    const { db, tables } = this.graph
    const of = tables.concepts.observation(id)?.concept ?? 0
    db.prepare('DELETE FROM change WHERE kind = 1 AND thing = ?').run(id)
    tables.concepts.removeObservation(id)
    return of
  }

  #unrelate(id: number): void {
    this.graph.db.prepare('DELETE FROM change WHERE kind = 2 AND thing = ?').run(id)
    this.graph.tables.relations.remove(id)
  }

  /** An observation or relation that is gone leaves nothing; of what is there still, its past loses what names the person. */
  #forgetImage({ kind, thing, write, before }: Image, seek: Seek): void {
    const { db, tables } = this.graph
    const there = kind === kinds.concept || (kind === kinds.relation && tables.relations.get(thing) !== undefined)
    if (!there) {
      db.prepare('DELETE FROM change WHERE kind = ? AND thing = ?').run(kind, thing)
      return
    }
    const { attributes, name, ...row } = JSON.parse(before) as { attributes: string; name?: string }
    const past = {
      ...withoutPerson(seek, row, ''),
      attributes: JSON.stringify(withoutPerson(seek, JSON.parse(attributes), '')),
      ...(name === undefined ? {} : { name: tables.nodes.nameOf(thing) }), // its former name may be the person's
    }
    db.prepare('UPDATE change SET before = ? WHERE kind = ? AND thing = ? AND write = ?').run(
      JSON.stringify(past),
      kind,
      thing,
      write,
    )
  }

  #blank(id: number, seek: Seek): void {
    const row = this.graph.tables.concepts.get(id)
    if (!row) return
    const text = (value: string) => (seek(value) === undefined ? value : '')
    const attributes = JSON.stringify(withoutPerson(seek, JSON.parse(row.attributes), ''))
    const { type, description, source } = row
    this.graph.tables.concepts.put({
      ...row,
      type: text(type),
      description: text(description),
      source: text(source),
      attributes,
    })
  }

  /** Words that weigh vectors and that no concept holds any more. */
  #forgetWords(words: SubjectWords): void {
    const drop = this.graph.db.prepare('DELETE FROM word_weight WHERE word = ?')
    for (const word of words.flatMap((one) => [...wordsOf(one)]))
      if (this.graph.texts.documents(word) === 0) drop.run(word)
    this.graph.db.pragma('wal_checkpoint(TRUNCATE)')
  }
}

/** In every text of a value, whatever the case. */
function corrector(wrong: string, right: string): <T>(value: T) => T {
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}])${wrong.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`,
    'giu',
  )
  const correct = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(pattern, () => right)
    if (Array.isArray(value)) return value.map(correct)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, correct(one)]))
  }
  return (value) => correct(value) as typeof value
}
