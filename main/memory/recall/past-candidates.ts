import { cosine, toBytes } from '../embedders/quantise.ts'
import { embeddedText, type Graph } from '../graph.ts'
import type { ConceptRow } from '../rows.ts'
import { bodyOf, textsOf } from '../text-index.ts'
import type { Asked, Fit } from './candidates.ts'
import type { Past } from './view.ts'
import { wordShare } from './word-share.ts'

/** Vectors are made anew for so many changed concepts; the rest is compared by its words alone. */
const embeddedAtMost = 500
/** A cosine below this does not make a concept a candidate. */
const similarityAtLeast = 0.2

/**
 * The indexes hold only the present. So each concept that was other then, or is gone by now, is looked at by itself, and of
 * all candidates the text counts as the share of the question’s words it held then, by their weight.
 *
 * @param words of the question, with their weights
 * @param found candidates of the present, which were the same then or are looked at again
 */
export function compareThen(
  graph: Graph,
  past: Past,
  asked: Asked,
  words: ReadonlyMap<string, number>,
  found: Map<number, Fit>,
): void {
  const textThen = (row: ConceptRow) => embeddedText(row, bodyOf(textsOf(row, past.observations(row.id))))
  const share = wordShare(words)
  if (asked.by.includes('text'))
    for (const [id, fit] of found) {
      const row = past.concept(id)
      if (row) fit.text = share(textThen(row))
    }
  const { embedder } = graph.vectors.current
  let embedded = 0
  for (const [id, row] of past.changed) {
    if (!row || (asked.meets && !asked.meets(row))) continue
    const text = textThen(row)
    const held = asked.by.includes('text') ? share(text) : 0
    const embeds = asked.vector && embedder?.kind === 'instant' && embedded++ < embeddedAtMost
    const similarity = embeds ? Math.max(0, cosine(asked.vector, toBytes(embedder.embed(text)))) : 0
    if (held > 0 || similarity > similarityAtLeast)
      found.set(id, { text: held, vector: similarity, graph: found.get(id)?.graph ?? 0 })
  }
}
