import type { Graph } from '../graph.ts'
import type { ConceptRow } from '../rows.ts'
import type { Meeting } from './meeting.ts'
import { anyOf } from './question-words.ts'
import type { View } from './view.ts'

export type Ranking = 'vector' | 'text' | 'graph'

export interface Asked {
  readonly words: readonly string[]
  readonly vector: Int8Array | undefined
  readonly by: readonly Ranking[]
  /** What the question’s filter lets through; undefined when it has none. */
  readonly meets: ((row: ConceptRow) => boolean) | undefined
  /** The same of the present, for the indexes. */
  readonly meeting: Meeting | undefined
  readonly wanted: number
}

/** How well a concept fits, by each ranking: in that ranking’s own measure, or after `scaled` 0 to 1 of the best. */
export type Fit = Record<Ranking, number>

/** How many each ranking is asked for. */
const chosenByEach = 48
/** Where neighbours are looked for: at the best so many. */
const seedsAtMost = 8
const neighboursAtMost = 20
/** A cosine below this is chance. */
const similarityAtLeast = 0.08
/** Its vector is still on its way: its words speak for it. */
const missing = -1

/** Concepts that may be answers, with what the text index, the vectors and the graph say of each. */
export function candidatesFor(graph: Graph, view: View, asked: Asked): Map<number, Fit> {
  const found = chosen(graph, view, asked)
  if (asked.by.includes('graph')) addNeighbours(view, asked, found)
  if (asked.vector && asked.by.includes('vector')) completeVectors(graph, asked.vector, found)
  return found
}

function chosen(graph: Graph, view: View, asked: Asked): Map<number, Fit> {
  const found = ranked(graph, asked)
  if (view.differs) for (const id of found.keys()) if (!isAllowed(view, asked, id)) found.delete(id)
  return found
}

function isAllowed(view: View, { meets }: Asked, id: number): boolean {
  const row = view.concept(id)
  return row !== undefined && (meets?.(row) ?? true)
}

function ranked({ texts, vectors }: Graph, { by, words, vector, meeting }: Asked): Map<number, Fit> {
  const found = new Map<number, Fit>()
  if (by.includes('text') && words.length > 0)
    for (const { id, rank } of texts.ranked(anyOf(words), chosenByEach, meeting)) fitOf(found, id).text = rank
  if (by.includes('vector') && vector)
    for (const { id, similarity } of vectors.nearest(vector, chosenByEach, meeting))
      if (similarity >= similarityAtLeast) fitOf(found, id).vector = similarity
  return found
}

function fitOf(found: Map<number, Fit>, id: number): Fit {
  const known = found.get(id) ?? { vector: 0, text: 0, graph: 0 }
  found.set(id, known)
  return known
}

/** What is joined to a good answer by a strong relation may be one. */
function addNeighbours(view: View, asked: Asked, found: Map<number, Fit>): void {
  const scaledNow = scaled(found)
  const seeds = [...scaledNow]
    .map(([id, { text, vector }]) => ({ id, fit: Math.max(text, vector) }))
    .sort((a, b) => b.fit - a.fit)
    .slice(0, seedsAtMost)
  for (const { id, fit } of seeds)
    for (const { origin, target, weight } of view.edges(id).slice(0, neighboursAtMost)) {
      const other = origin === id ? target : origin
      if (asked.meets && !found.has(other) && !isAllowed(view, asked, other)) continue
      const neighbour = fitOf(found, other)
      neighbour.graph = Math.max(neighbour.graph, fit * weight)
    }
}

function completeVectors(graph: Graph, vector: Int8Array, found: Map<number, Fit>): void {
  const without = [...found].filter(([, fit]) => fit.vector === 0).map(([id]) => id)
  for (const id of without) fitOf(found, id).vector = missing
  for (const { id, similarity } of graph.vectors.current.index.similarities(vector, without))
    fitOf(found, id).vector = Math.max(0, similarity)
}

/** 0 to 1 of the best; the graph’s part is that of its seed already. */
export function scaled(found: ReadonlyMap<number, Fit>): Map<number, Fit> {
  const best = (ranking: Ranking) => Math.max(Number.MIN_VALUE, ...[...found.values()].map((fit) => fit[ranking]))
  const [text, vector] = [best('text'), best('vector')]
  return new Map(
    [...found].map(([id, fit]) => {
      const words = fit.text / text
      return [id, { text: words, vector: fit.vector === missing ? words : fit.vector / vector, graph: fit.graph }]
    }),
  )
}
