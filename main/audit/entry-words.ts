import { createHash } from 'node:crypto'
import type { EntryRow } from './index-row.ts'

/*
 * What the full text holds of an entry: its words, and marks of its fields in a column of their own, so that one question to
 * the full text answers words and filters together.
 *
 * What an entry says cannot pass for a mark: a word is only letters and digits, a mark begins with characters that are
 * neither, and each is asked for in its own column. The tokenizer is SQLite's `ascii`, which takes apart at nothing but
 * ASCII punctuation: what a word is, is decided here alone.
 */

/** What the full text knows of an entry. */
export type Worded = Pick<
  EntryRow,
  'action' | 'category' | 'severity' | 'decision' | 'client' | 'session' | 'server' | 'tool' | 'summary' | 'code'
> & { readonly workspace: string | null }

export const markedFields = [
  'client',
  'server',
  'workspace',
  'category',
  'severity',
  'decision',
  'action',
  'session',
] as const
export type MarkedField = (typeof markedFields)[number]

const wordedFields = ['summary', 'action', 'decision', 'client', 'server', 'tool', 'code'] as const
/** Longer words are cut, in entries and in questions alike. */
const longestWord = 64
/** Beginnings of so many characters have an index of their own. */
export const indexedBeginning = 3

/** Words in lower case and without accents, each once. */
export function wordsIn(text: string): string[] {
  const plain = /^[\0-\x7f]*$/.test(text) ? text.toLowerCase() : unaccented(text)
  const found = plain.match(/[\p{L}\p{N}]+/gu) ?? []
  return [...new Set(found.map(shortened))]
}

const unaccented = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replaceAll('ς', 'σ')

const shortened = (word: string): string =>
  word.length > longestWord ? [...word].slice(0, longestWord).join('') : word

export function wordsOf(entry: Worded): string {
  const texts = wordedFields.flatMap((field) => entry[field] ?? [])
  return wordsIn(texts.join(' ')).join(' ')
}

export function marksOf(entry: Worded): string {
  const marks = markedFields.flatMap((field) => {
    const value = field === 'workspace' ? (entry.workspace ?? undefined) : (entry[field] ?? undefined)
    return value === undefined ? [] : [markOf(field, value)]
  })
  return marks.join(' ')
}

/** Of a private use, neither letter nor digit; as many as there are indexed beginnings, so that marks share one of each. */
const markBeginning = '\u{E000}'.repeat(indexedBeginning)
const known = new Map<string, string>()
const mostKnown = 10_000

/** The same for the same value only: values may hold anything, their sums are letters and digits. */
export function markOf(field: MarkedField, value: string): string {
  const key = `${field}:${value}`
  let mark = known.get(key)
  if (mark === undefined) {
    mark = markBeginning + createHash('sha256').update(key).digest('hex').slice(0, 32)
    if (known.size >= mostKnown) known.clear()
    known.set(key, mark)
  }
  return mark
}

/**
 * A question to the full text: every word by its beginning, and every mark. Without words and marks there is none.
 *
 * @param completed the words there are with a beginning; undefined when they are too many to be named
 */
export function questionOf(
  words: readonly string[],
  marks: readonly string[],
  completed: (beginning: string) => readonly string[] | undefined,
): string {
  const asked = words.filter((word) => !words.some((other) => other !== word && other.startsWith(word)))
  const parts = asked.map((word) => {
    const all = word.length > indexedBeginning ? completed(word) : undefined
    if (all === undefined) return `words : "${word}" *`
    return `words : (${(all.length > 0 ? all : [word]).map((one) => `"${one}"`).join(' OR ')})`
  })
  return [...marks.map((mark) => `marks : "${mark}"`), ...parts].join(' AND ')
}
