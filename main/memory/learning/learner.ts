import type { Interaction, Learned, Link, Provenance } from '../../../shared/domain/memory.ts'
import type { Graph } from '../graph.ts'
import type { GraphWrite } from '../graph-write.ts'
import type { ConceptRow } from '../rows.ts'
import { type Extracted, extract, type Noticed, personName } from './extract.ts'
import { foldedName } from './folded-name.ts'
import type { LearnedSource } from './learned-source.ts'
import { beyond, extractedByModel } from './model-extraction.ts'

/** What is so alike is the same thing said again. */
const sameAbove = 0.85
/** A pair that comes up together once more is nearer by this share of what is left to 1. */
const togetherGain = 0.2
const togetherAtMost = 8
const reinforcedGain = 1
const charsAtMost = 20_000

/** Learns from what was said between a person and a model: whoever calls it has asked whether that is wanted. */
export class Learner {
  constructor(private readonly graph: Graph) {}

  /**
   * By rules, and by what a model found in it. What brings a secret with it is not learned from.
   * @param message what the client’s model answered to `questionAbout`
   */
  learn({ said, answered }: Interaction, by: Provenance, message?: unknown): Learned {
    if (by.labels.includes('secret')) return { writes: [], added: [], reinforced: [], relations: [] }
    const byRules = extract({
      said: said.slice(0, charsAtMost),
      ...(answered === undefined ? {} : { answered: answered.slice(0, charsAtMost) }),
    })
    const learned = this.#keep(byRules, by, 'learned')
    const byModel = message === undefined ? undefined : extractedByModel(message, said)
    if (byModel === undefined) return learned
    // through another program, and a model that may have read anything
    const labels = [...new Set([...by.labels, 'untrusted' as const])]
    const more = this.#keep(beyond(byModel, byRules), { ...by, labels }, 'model')
    return {
      writes: [...learned.writes, ...more.writes],
      added: [...learned.added, ...more.added],
      reinforced: [...new Set([...learned.reinforced, ...more.reinforced])],
      relations: [...learned.relations, ...more.relations],
    }
  }

  #keep(found: Extracted, by: Provenance, source: LearnedSource): Learned {
    const [added, reinforced] = [new Map<string, number>(), new Map<string, ConceptRow>()]
    const relations: Link[] = []
    let written: number | undefined
    this.graph.write('learn', by, (write) => {
      const rows = new Map<string, ConceptRow>()
      for (const noticed of found.concepts) {
        const { row, isNew } = this.#place(noticed, source, write)
        rows.set(noticed.name, row)
        if (isNew) added.set(row.name, row.id)
        else reinforced.set(row.name, row)
      }
      for (const name of found.mentioned) {
        const row = this.#known(name)
        if (row && !added.has(row.name)) reinforced.set(row.name, row)
      }
      for (const { from, to, type } of found.relations) {
        const [origin, target] = [this.#end(from, rows, write), this.#end(to, rows, write)]
        if (origin === undefined || target === undefined || origin === target) continue
        if (this.#relate(origin, target, type, write)) relations.push({ from, to, relationType: type })
      }
      this.#together([...added.values(), ...[...reinforced.values()].map(({ id }) => id)], write)
      if (write.changed) written = write.id
    })
    this.#reinforce([...reinforced.values()])
    return {
      writes: written === undefined ? [] : [`wr_${written}`],
      added: [...added.keys()],
      reinforced: [...reinforced.keys()],
      relations,
    }
  }

  #end = (name: string, rows: ReadonlyMap<string, ConceptRow>, write: GraphWrite): number | undefined =>
    rows.get(name)?.id ?? this.#person(name, write)

  #place(noticed: Noticed, source: LearnedSource, write: GraphWrite): { row: ConceptRow; isNew: boolean } {
    const known = this.#known(noticed.name) ?? this.#alike(noticed)
    if (known) return { row: this.#observe(known, noticed, write), isNew: false }
    const { name, type, observation, confidence } = noticed
    const row = write.addConcept({ name, type, confidence, source })
    if (observation !== undefined) write.addObservation(row.id, observation)
    this.graph.index(row.id)
    return { row, isNew: true }
  }

  /** Said again, it is surer; what is said anew is added. */
  #observe(row: ConceptRow, { observation, confidence }: Noticed, write: GraphWrite): ConceptRow {
    if (observation === undefined) return row
    const known = this.graph.tables.concepts.observations(row.id).some(({ text }) => text === observation)
    if (known) return row
    write.addObservation(row.id, observation)
    const surer = Math.max(row.confidence, confidence, row.confidence + (1 - row.confidence) / 4)
    return write.changeConcept(row, { confidence: surer })
  }

  #known(name: string): ConceptRow | undefined {
    const exact = this.graph.find({ name })
    if (exact) return exact
    const folded = foldedName(name)
    return this.graph.texts
      .holding(folded)
      .slice(0, 50)
      .map((id) => this.graph.tables.concepts.get(id))
      .find((row) => row && foldedName(row.name) === folded)
  }

  #alike({ name, type, observation }: Noticed): ConceptRow | undefined {
    const { vectors, tables } = this.graph
    const { embedder } = vectors.current
    if (embedder?.kind !== 'instant' || observation === undefined) return undefined
    const vector = vectors.instant(`${name}\n${name}\n${type}\n${observation}`)
    const [best] = vector ? vectors.nearest(vector, 1) : []
    const row = best && best.similarity > sameAbove ? tables.concepts.get(best.id) : undefined
    return row?.type === type ? row : undefined
  }

  #person(name: string, write: GraphWrite): number | undefined {
    if (name !== personName) return this.#known(name)?.id
    return (this.graph.find({ name }) ?? write.addConcept({ name, type: 'person', source: 'learned' })).id
  }

  #relate(origin: number, target: number, type: string, write: GraphWrite): boolean {
    const found = this.graph.tables.relations.find(origin, target, type)
    if (!found) write.addRelation({ origin, target, type, weight: 0.8, confidence: 0.8 })
    else write.changeRelation(found, { weight: nearer(found.weight), strengthened_at: write.at })
    return !found
  }

  /** What comes up in one exchange belongs together a little more. */
  #together(ids: readonly number[], write: GraphWrite): void {
    const { relations } = this.graph.tables
    const few = [...new Set(ids)].sort((a, b) => a - b).slice(0, togetherAtMost)
    for (const [at, origin] of few.entries())
      for (const target of few.slice(at + 1)) {
        const found = relations.find(origin, target, 'mentioned with')
        if (found) write.changeRelation(found, { weight: nearer(found.weight), strengthened_at: write.at })
        else
          write.addRelation({
            origin,
            target,
            type: 'mentioned with',
            weight: togetherGain,
            confidence: 0.5,
            inferred: 1,
          })
      }
  }

  #reinforce(rows: readonly ConceptRow[]): void {
    const now = this.graph.now()
    this.graph.db.transaction(() => {
      for (const row of rows) this.graph.tables.usage.use(row.id, row.created_at, now, reinforcedGain, 0)
    })()
  }
}

const nearer = (weight: number): number => weight + (1 - weight) * togetherGain
