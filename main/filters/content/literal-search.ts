import type { OwnWord } from '../../../shared/domain/filters.ts'
import type { Place } from '../own-words.ts'

/** Places of one word in one text. */
const mostEach = 200

/** Words as they are written, in any case: each is found by the engine's own search, at memory speed. */
export function literalSearch(words: readonly OwnWord[]): (text: string) => readonly Place[] {
  const sought = words.map((word) => ({ word, text: inLowerCase(word.value) }))
  if (sought.length === 0) return () => none
  return (given) => {
    const text = inLowerCase(given)
    let found: Place[] | undefined
    for (const { word, text: wanted } of sought) {
      let count = 0
      for (let start = text.indexOf(wanted); start >= 0 && count < mostEach; start = text.indexOf(wanted, start + 1)) {
        found ??= []
        found.push({ word, start, end: ++count === mostEach ? text.length : start + wanted.length })
      }
    }
    return found ?? none
  }
}

const none: readonly Place[] = []

/** As long as it was, so that places stay: a letter whose small form is longer (`İ`) stays as it is. */
export function inLowerCase(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  return text.replace(/./gsu, (letter) => {
    const small = letter.toLowerCase()
    return small.length === letter.length ? small : letter
  })
}
