import type { EpochMs } from '../../../shared/domain/ids.ts'
import type { Question, Recall, Recalled, ScoreParts, Subgraph } from '../../../shared/domain/memory.ts'
import type { ContextBook } from '../context/context-book.ts'
import { RecallCache } from '../context/recall-cache.ts'
import { embeddedText, type Graph, numberOf } from '../graph.ts'
import type { ConceptRow } from '../rows.ts'
import { bodyOf, textsOf } from '../text-index.ts'
import { faded } from '../usage-store.ts'
import { type Asked, candidatesFor, type Fit, scaled } from './candidates.ts'
import { filterOf } from './filter.ts'
import { meetingOf } from './meeting.ts'
import { compareThen } from './past-candidates.ts'
import { searchedWords, WordFrequencies } from './question-words.ts'
import { fitsBy, mostLift, reasonsOf, recencyOf, reinforcementOf, scoreOf } from './ranking.ts'
import { subgraphAround } from './subgraph.ts'
import { Past, present, type View } from './view.ts'
import { wordShare } from './word-share.ts'

const rankings = ['vector', 'text', 'graph'] as const
/** What was recalled is stronger by this much. */
const recalledGain = 0.2
/** Shorter words of a goal join others. */
const tellingChars = 4
/** Of the answers, so many are where the subgraph begins. */
const seedsAtMost = 5

const between = (least: number, value: number | undefined, most: number, usual: number): number =>
  Math.min(most, Math.max(least, Math.trunc(value ?? usual)))

/** Finds what is known about a question, now or at an earlier time. */
export class Recaller {
  readonly #frequencies: WordFrequencies
  readonly #cache = new RecallCache()

  constructor(
    private readonly graph: Graph,
    private readonly contexts: ContextBook,
  ) {
    this.#frequencies = new WordFrequencies(graph.texts.documents, () => graph.counts.concepts)
  }

  /** For a session, what was answered a short while ago is the answer still. */
  async recall(question: Question): Promise<Recall> {
    const { session, asOf, lookOnly } = question
    if (!session || asOf !== undefined || lookOnly) return this.#recall(question, this.#goalsOf(question))
    const began = performance.now()
    const goals = this.#goalsOf(question)
    const known = this.#cache.get(question, goals, this.graph.revision, this.graph.now())
    if (known) {
      this.#use(question, known.found)
      return { ...known, tookMs: msSince(began), cached: true }
    }
    const { revision } = this.graph
    const answer = await this.#recall(question, goals)
    this.#cache.put(question, goals, revision, this.graph.now(), answer)
    return answer
  }

  #goalsOf = ({ session }: Question): readonly string[] => (session && this.contexts.context(session.id)?.goals) ?? []

  async #recall(question: Question, goals: readonly string[]): Promise<Recall> {
    const began = performance.now()
    const by = question.by ?? rankings
    const vector = by.includes('vector') ? await this.graph.vectors.vectorOf(question.text, 'query') : undefined
    const { asOf, filter } = question
    const past = asOf === undefined ? undefined : new Past(this.graph, asOf)
    const view = past ?? present(this.graph)
    const asked: Asked = {
      words: searchedWords(question.text, this.#frequencies, this.graph.counts.concepts),
      vector,
      by,
      meets: filter && filterOf(filter, this.graph.tables.history),
      meeting: filter && meetingOf(this.graph.db, filter),
      wanted: between(1, question.limit, 100, 10),
    }
    const candidates = candidatesFor(this.graph, view, asked)
    if (past) compareThen(this.graph, past, asked, this.#frequencies.weighed(question.text), candidates)
    const wants = goals.length > 0 ? this.#wanting(view, goals) : undefined
    const ranked = this.#ranked(view, scaled(candidates), asOf ?? this.graph.now(), asked.wanted, wants)
    const seeds = ranked.slice(0, seedsAtMost).map(({ row }) => row.id)
    const found = ranked.map(({ row, score, parts }) => this.#shown(view, row, score, parts))
    if (asOf === undefined && !question.lookOnly) this.#use(question, found)
    const graph = this.#around(view, seeds, question.depth, question.budget)
    const { embedder } = this.graph.vectors.current.row
    return {
      found,
      graph,
      tookMs: msSince(began),
      ...(asOf === undefined ? {} : { asOf }),
      ...(vector ? { embedder } : {}),
    }
  }

  subgraph(names: readonly string[], depth: number, budget: number, asOf?: EpochMs): Subgraph {
    const view = asOf === undefined ? present(this.graph) : new Past(this.graph, asOf)
    return this.#around(
      view,
      names.flatMap((name) => view.named(name)?.id ?? []),
      depth,
      budget,
    )
  }

  #around = (view: View, seeds: readonly number[], depth?: number, budget?: number): Subgraph =>
    subgraphAround(this.graph, view, seeds, between(0, depth, 4, 2), between(1, budget, 1_000, 50))

  /** How much of what the session wants a concept speaks of. */
  #wanting(view: View, goals: readonly string[]): (row: ConceptRow) => number {
    const words = [...this.#frequencies.weighed(goals.join(' '))]
    const telling = words.filter(([word]) => word.length >= tellingChars)
    const share = wordShare(new Map(telling.length > 0 ? telling : words))
    return (row) => share(embeddedText(row, bodyOf(textsOf(row, view.observations(row.id)))))
  }

  #ranked(
    view: View,
    fits: ReadonlyMap<number, Fit>,
    now: number,
    wanted: number,
    wants: ((row: ConceptRow) => number) | undefined,
  ) {
    return worthRanking([...fits], wanted, mostLift(wants !== undefined))
      .flatMap(([id, fit]) => {
        const row = view.concept(id)
        if (!row) return []
        const parts = { ...fit, ...this.#standing(row, now), ...(wants ? { goals: wants(row) } : {}) }
        return { row, parts, score: scoreOf(parts) }
      })
      .filter(({ score }) => score > 0)
      .sort((a, b) => b.score - a.score || a.row.seq - b.row.seq)
      .slice(0, wanted)
  }

  #standing(row: ConceptRow, now: number): Omit<ScoreParts, keyof Fit> {
    const used = this.graph.tables.usage.get(row.id)
    const strength = faded(used?.strength ?? 1, used?.strengthened_at ?? row.created_at, now)
    return {
      recency: recencyOf(row.updated_at, now),
      reinforcement: reinforcementOf(strength),
      confidence: row.confidence,
    }
  }

  /** What was found is stronger by it, and held for the session that asked. */
  #use({ session }: Question, found: readonly Recalled[]): void {
    const now = this.graph.now()
    const recalled = found.map(({ concept, score }) => ({ id: numberOf(concept.id), at: concept.createdAt, score }))
    this.graph.counting(() => {
      for (const { id, at } of recalled) this.graph.tables.usage.use(id, at, now, recalledGain, 1)
      if (session) this.contexts.recalled(session.id, recalled, session.window)
    })
  }

  #shown = (view: View, row: ConceptRow, score: number, parts: ScoreParts): Recalled => ({
    concept: this.graph.concept(row, view.observations(row.id)),
    score: rounded(score),
    parts: Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, rounded(part)]),
    ) as unknown as ScoreParts,
    reasons: reasonsOf(parts),
  })
}

/** Without those that no standing can lift among the wanted; some more, for names that nothing is known of. */
function worthRanking(fits: readonly (readonly [number, Fit])[], wanted: number, lift: number) {
  const ordered = fits.map(([id, fit]) => [id, fit, fitsBy(fit)] as const).sort((a, b) => b[2] - a[2])
  const least = (ordered[2 * wanted]?.[2] ?? 0) / lift
  return ordered.filter(([, , by]) => by >= least)
}

const msSince = (began: number) => Math.round((performance.now() - began) * 100) / 100
const rounded = (value: number) => Math.round(value * 10_000) / 10_000
