/** Whom a privacy request is about: what a person may be named by, each at least three letters or digits long. */
export type SubjectWords = readonly string[]

/** @returns what stands around the first place a text names the person; undefined when it names nobody */
export type Seek = (text: string) => string | undefined

const excerptAround = 60
const phoneDigits = 7
const boundaryBefore = '(?<![\\p{L}\\p{N}])'
const boundaryAfter = '(?![\\p{L}\\p{N}])'

/**
 * Finds a person in texts by whole words, whatever the case, the accents, the room between words and, of numbers, the
 * signs between digits; also where a text is JSON within JSON or part of an address. It does not decode what is encoded
 * otherwise, such as Base64.
 */
export function seekIn(words: SubjectWords): Seek {
  const pattern = new RegExp(words.map(patternOf).join('|'), 'u')
  return (text) => {
    for (const spelled of spellings(text)) {
      const found = pattern.exec(spelled)
      if (found) return excerptOf(spelled.length === text.length ? text : spelled, found.index, found[0].length)
    }
    return undefined
  }
}

/** Enough of a word to look for: fewer letters would be found all over harmless texts. */
export const isSubjectWord = (word: string): boolean => (folded(word).match(/[\p{L}\p{N}]/gu) ?? []).length >= 3

/** Words as they are compared: for a sum of them that is the same whenever the same person is meant. */
export const sameWords = (words: SubjectWords): string =>
  [...new Set(words.map((word) => folded(word)))].sort().join('\n')

/** Every text in a value, names of members too. */
export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'number') yield String(value)
  else if (Array.isArray(value)) for (const one of value) yield* textsIn(one)
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) {
      yield key
      yield* textsIn(one)
    }
}

/** @returns what stands around the first text of a value that names the person */
export function seekInValue(seek: Seek, value: unknown): string | undefined {
  for (const text of textsIn(value)) {
    const found = seek(text)
    if (found !== undefined) return found
  }
  return undefined
}

/** The value with `mark` for each text that names the person; a member named for them goes. */
export function withoutPerson<T>(seek: Seek, value: T, mark: string): T {
  if (typeof value === 'string') return (seek(value) === undefined ? value : mark) as T
  if (typeof value === 'number') return (seek(String(value)) === undefined ? value : 0) as T
  if (Array.isArray(value)) return value.map((one) => withoutPerson(seek, one, mark)) as T
  if (typeof value !== 'object' || value === null) return value
  const left = Object.entries(value).filter(([key]) => seek(key) === undefined)
  return Object.fromEntries(left.map(([key, one]) => [key, withoutPerson(seek, one, mark)])) as T
}

function patternOf(word: string): string {
  const text = folded(word)
  const digits = text.replace(/\D/g, '')
  const isNumber = digits.length >= phoneDigits && /^[\d\s+().\-/]+$/.test(text)
  if (isNumber) return `(?<!\\d)${[...digits].join('[\\s().\\-/]*')}(?!\\d)`
  const escaped = text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replaceAll(' ', '\\s+')
  return `${/^[\p{L}\p{N}]/u.test(text) ? boundaryBefore : ''}${escaped}${/[\p{L}\p{N}]$/u.test(text) ? boundaryAfter : ''}`
}

/** As it stands, and where it may be written in a roundabout way, without that. */
function* spellings(text: string): Generator<string> {
  const plain = folded(text)
  yield plain
  if (text.includes('\\')) yield folded(text.replace(/\\+(?:u([0-9a-fA-F]{4})|([nrtbf"/]))/g, unescaped))
  if (/%[0-9a-fA-F]{2}/.test(text)) yield folded(decoded(text))
}

const unescaped = (_: string, code: string | undefined, sign: string | undefined) => {
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16))
  return sign === '"' || sign === '/' ? sign : ' '
}

/** Of an address: `%40` for `@`; what is no valid code stays. */
const decoded = (text: string) =>
  text.replace(/(?:%[0-9a-fA-F]{2})+/g, (codes) => {
    try {
      return decodeURIComponent(codes)
    } catch {
      return codes
    }
  })

const beyondAscii = /[^\p{ASCII}]/u
function folded(text: string): string {
  const even = beyondAscii.test(text) ? text.normalize('NFKD').replace(/\p{M}/gu, '') : text
  return even.toLowerCase().replace(/\s+/g, ' ').trim()
}

function excerptOf(text: string, at: number, length: number): string {
  const from = Math.max(0, at - excerptAround)
  const to = Math.min(text.length, at + length + excerptAround)
  return `${from > 0 ? '… ' : ''}${text.slice(from, to)}${to < text.length ? ' …' : ''}`
}
