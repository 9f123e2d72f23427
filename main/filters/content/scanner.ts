import type { ContentFilterId } from '../../../shared/domain/filters.ts'
import type { ContentFilter, Finding, Report } from './content-filter.ts'
import { fewestDigits, groupAt, groupEnd } from './digit-group.ts'
import { isHidden, isLookAlike } from './hidden-code.ts'

/** Findings of one filter in one text. */
const mostFindings = 500
const shortestToken = 16
const triggerLength = 4
/** Spreads four packed characters over 16 bits. @see Knuth, The Art of Computer Programming, 6.4: multiplicative hashing */
const spread = 0x9e3779b1

const kinds = new Uint8Array(128)
const folded = new Uint8Array(128)
const [digit, letter, tokenSign, control, colon, at, hex] = [1, 2, 4, 8, 16, 32, 64]
/** A Greek or Cyrillic letter: beside a Latin one it may stand for another. */
const foreign = 256
for (let code = 0; code < 128; code++) {
  const char = String.fromCharCode(code)
  folded[code] = char.toLowerCase().charCodeAt(0)
  if (/[0-9]/.test(char)) kinds[code] = digit | hex
  else if (/[A-Za-z]/.test(char)) kinds[code] = letter | (/[a-f]/i.test(char) ? hex : 0)
  else if (/[+/=_-]/.test(char)) kinds[code] = tokenSign
  else if (char === ':') kinds[code] = colon
  else if (char === '@') kinds[code] = at
  else if ((code < 32 && !/[\t\n\r]/.test(char)) || code === 127) kinds[code] = control
}

interface Trigger {
  readonly text: string
  readonly filter: number
}
type Hook = 'atToken' | 'atDigits' | 'atSign' | 'atCode' | 'atHidden' | 'atColon'

/**
 * Walks over a text once, with the last four characters at hand and a table of character kinds, and wakes the filters
 * only where something stands that they could be about: an ordinary text costs 2 to 4 nanoseconds a character.
 */
export class Scanner {
  readonly #begins = new Uint8Array(0x1_0000)
  readonly #triggers = new Map<number, Trigger[]>()
  readonly #hooks: Readonly<Record<Hook, readonly number[]>>
  readonly #reports: readonly Report[]
  /** By filter: findings in the text at hand. */
  readonly #counts: Uint32Array
  #length = 0
  /** By filter: up to where it has looked. */
  readonly #lookedTo: Uint32Array
  readonly #ids: readonly ContentFilterId[]
  #found: Finding[] = []
  /** The text scanned last has letters in it that look like Latin ones and are not. */
  disguised = false

  constructor(private readonly filters: readonly ContentFilter[]) {
    this.#lookedTo = new Uint32Array(filters.length)
    this.#ids = filters.map(({ id }) => id)
    this.#counts = new Uint32Array(filters.length)
    this.#reports = filters.map(
      ({ id }, index) =>
        (start, end, reason) =>
          this.#report(id, index, start, end, reason),
    )
    const having = (hook: Hook) => filters.flatMap((filter, index) => (filter[hook] === undefined ? [] : [index]))
    this.#hooks = {
      atToken: having('atToken'),
      atDigits: having('atDigits'),
      atSign: having('atSign'),
      atCode: having('atCode'),
      atHidden: having('atHidden'),
      atColon: having('atColon'),
    }
    for (const [index, { triggers = [] }] of filters.entries()) for (const text of triggers) this.#learn(text, index)
  }

  /** @returns what was found, in order of place; the very same empty list when there was nothing */
  scan(text: string): readonly Finding[] {
    this.#lookedTo.fill(0)
    this.#counts.fill(0)
    this.#length = text.length
    this.disguised = false
    this.#found = none
    this.#walk(text)
    const found = this.#found
    return found.length < 2 ? found : found.sort((a, b) => a.start - b.start || b.end - a.end)
  }

  /** Which filters there are, for those who list them. */
  get ids(): readonly ContentFilterId[] {
    return this.#ids
  }

  #walk(text: string): void {
    const begins = this.#begins
    const length = text.length
    let last = 0
    let tokenStart = -1
    let tokenDigits = false
    let digitsUntil = 0
    let before = 0
    for (let index = 0; index < length; index++) {
      const code = text.charCodeAt(index)
      if (code >= 128) {
        last = (last << 8) | (code & 0x7f) | 0x80
        if (begins[Math.imul(last, spread) >>> 16] === 1) this.#atTrigger(text, index, last)
        if (isHidden(code)) this.#wake('atHidden', text, index)
        if (tokenStart >= 0) {
          if (tokenDigits && index - tokenStart >= shortestToken) this.#token(text, tokenStart, index)
          tokenStart = -1
        }
        if (isLookAlike(code)) {
          if (code > 0x52f || (before & letter) !== 0) this.disguised = true
          before = foreign
        } else before = 0
        continue
      }
      const kind = kinds[code] as number
      last = (last << 8) | (folded[code] as number)
      if (begins[Math.imul(last, spread) >>> 16] === 1) this.#atTrigger(text, index, last)
      if ((kind & (digit | letter | tokenSign)) !== 0) {
        if (tokenStart < 0) {
          if (before === foreign && (kind & letter) !== 0) this.disguised = true
          tokenStart = index
          tokenDigits = false
        }
        if ((kind & digit) !== 0) {
          tokenDigits = true
          if (index >= digitsUntil) {
            if ((before & (digit | letter)) === 0) digitsUntil = this.#digits(text, index)
            else if ((before & letter) !== 0) this.#maybeCode(text, index)
          }
        }
      } else {
        if (tokenStart >= 0) {
          if (tokenDigits && index - tokenStart >= shortestToken) this.#token(text, tokenStart, index)
          tokenStart = -1
        }
        if ((kind & (control | colon | at)) !== 0) this.#sign(kind, before, text, index)
      }
      before = kind
    }
    if (tokenStart >= 0 && tokenDigits && length - tokenStart >= shortestToken) this.#token(text, tokenStart, length)
  }

  #sign(kind: number, before: number, text: string, index: number): void {
    if ((kind & at) !== 0) this.#wake('atSign', text, index)
    else if ((kind & control) !== 0) this.#wake('atHidden', text, index)
    else if ((before & (hex | colon)) !== 0 || index === 0) this.#wake('atColon', text, index)
  }

  #token(text: string, start: number, end: number): void {
    for (const index of this.#hooks.atToken)
      if (this.#mayReport(index)) this.filters[index]?.atToken?.(text, start, end, this.#reports[index] as Report)
  }

  #digits(text: string, start: number): number {
    if (this.#hooks.atDigits.length === 0) return start
    const end = groupEnd(text, start)
    if (end - start < fewestDigits) return end
    const group = groupAt(text, start, end)
    if (group.count >= fewestDigits)
      for (const index of this.#hooks.atDigits)
        if (this.#mayReport(index)) this.filters[index]?.atDigits?.(text, group, this.#reports[index] as Report)
    return end
  }

  /** Two capital letters before a digit, and nothing but these: `RO49…`. */
  #maybeCode(text: string, index: number): void {
    if (index < 2) return
    const [first, second] = [text.charCodeAt(index - 2), text.charCodeAt(index - 1)]
    if (first < 65 || first > 90 || second < 65 || second > 90) return
    if (index > 2 && (kinds[text.charCodeAt(index - 3)] ?? letter) & (digit | letter)) return
    this.#wake('atCode', text, index - 2)
  }

  #wake(hook: Exclude<Hook, 'atToken' | 'atDigits'>, text: string, at: number): void {
    for (const index of this.#hooks[hook])
      if (this.#mayReport(index)) this.filters[index]?.[hook]?.(text, at, this.#reports[index] as Report)
  }

  /** Not after its last finding, which holds the rest of the text. */
  #mayReport = (filter: number): boolean => (this.#counts[filter] as number) < mostFindings

  #atTrigger(text: string, index: number, last: number): void {
    const start = index - triggerLength + 1
    if (start < 0) return
    for (const { text: wanted, filter } of this.#triggers.get(last) ?? none) {
      if (start < (this.#lookedTo[filter] as number) || !this.#mayReport(filter)) continue
      if (!standsAt(text, start, wanted)) continue
      const to = this.filters[filter]?.atTrigger?.(text, start, this.#reports[filter] as Report)
      if (to !== undefined) this.#lookedTo[filter] = to
    }
  }

  #learn(given: string, filter: number): void {
    const text = lower(given)
    if (text.length < triggerLength) throw new Error(`a trigger needs ${triggerLength} characters: ${given}`)
    let last = 0
    for (let index = 0; index < triggerLength; index++) {
      const code = text.charCodeAt(index)
      last = (last << 8) | (code < 128 ? code : (code & 0x7f) | 0x80)
    }
    this.#begins[Math.imul(last, spread) >>> 16] = 1
    const known = this.#triggers.get(last) ?? []
    if (!known.some((other) => other.filter === filter && other.text === text)) known.push({ text, filter })
    this.#triggers.set(last, known)
  }

  #report(filter: ContentFilterId, index: number, start: number, end: number, reason: string): void {
    const count = this.#counts[index] as number
    if (count >= mostFindings) return
    const last = this.#found.at(-1)
    if (last?.filter === filter && start < last.end && end <= last.end) return
    if (this.#found === none) this.#found = []
    this.#counts[index] = count + 1
    // after so many of one kind the rest of the text counts as one more, so that nothing hides behind a crowd
    const to = count + 1 === mostFindings ? this.#length : end
    this.#found.push({ filter, start, end: to, reason })
  }
}

const none: never[] = []

const lower = (text: string): string => text.replace(/[A-Z]/g, (char) => char.toLowerCase())

function standsAt(text: string, start: number, wanted: string): boolean {
  if (start + wanted.length > text.length) return false
  for (let offset = 0; offset < wanted.length; offset++) {
    const code = text.charCodeAt(start + offset)
    if ((code < 128 ? folded[code] : code) !== wanted.charCodeAt(offset)) return false
  }
  return true
}
