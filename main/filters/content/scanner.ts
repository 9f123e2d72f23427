import type { ContentFilterId } from '../../../shared/domain/filters.ts'
import { FlatText, stretch } from '../flat-text.ts'
import type { ContentFilter, Finding, Report } from './content-filter.ts'
import { fewestDigits, groupAt, groupEnd } from './digit-group.ts'
import { isHidden, isLookAlike } from './hidden-code.ts'

/** Findings of one filter in one text. */
const mostFindings = 500
const shortestToken = 16
const triggerLength = 4
/** Spreads four packed characters over 16 bits. @see Knuth, The Art of Computer Programming, 6.4: multiplicative hashing */
const spread = 0x9e3779b1
/** For beginnings of triggers; at most half of them are taken. */
const places = 0x1000

/** Of every UTF-16 unit: what it counts as within a trigger, in the lower 8 bits, and what it is. */
const signs = new Uint16Array(0x1_0000)
const foldedBits = 0xff
const [digit, letter, tokenSign, hidden] = [0x100, 0x200, 0x400, 0x800]
const [colon, at, hex, lookAlike] = [0x1000, 0x2000, 0x4000, 0x8000]
const stops = digit | hidden | colon | at
for (let code = 0; code < 0x1_0000; code++) {
  const char = String.fromCharCode(code)
  if (code >= 128) {
    signs[code] = 0x80 | (code & 0x7f) | (isHidden(code) ? hidden : 0) | (isLookAlike(code) ? lookAlike : 0)
    continue
  }
  let kind = 0
  if (/[0-9]/.test(char)) kind = digit | hex
  else if (/[A-Za-z]/.test(char)) kind = letter | (/[a-f]/i.test(char) ? hex : 0)
  else if (/[+/=_-]/.test(char)) kind = tokenSign
  else if (char === ':') kind = colon
  else if (char === '@') kind = at
  else if ((code < 32 && !/[\t\n\r]/.test(char)) || code === 127) kind = hidden
  signs[code] = kind | char.toLowerCase().charCodeAt(0)
}
const signAt = (text: string, index: number): number =>
  index >= 0 && index < text.length ? (signs[text.charCodeAt(index)] as number) : 0

/** A letter that looks like a Latin one and is beside one, or that no script needs. */
const disguise = /[A-Za-z][\u0370-\u052f]|[\u0370-\u052f][A-Za-z]|[\uff21-\uff5a\ud835]/

interface Trigger {
  readonly text: string
  readonly filter: number
}
type Hook = 'atToken' | 'atDigits' | 'atSign' | 'atCode' | 'atHidden' | 'atColon'
type Hooks = {
  readonly [H in Hook]: readonly { readonly filter: number; readonly look: NonNullable<ContentFilter[H]> }[]
}

/**
 * Walks over a text once, with the last four characters at hand, and stops only where they may begin a trigger, where
 * numbers begin and at a few signs: there it looks what stands around, and wakes the filters that it could be about.
 */
export class Scanner {
  /** A bit for each hash of four characters that a trigger begins with: 8 KB, which stay in a processor's nearest cache. */
  readonly #begins = new Int32Array(0x1_0000 / 32)
  /**
   * By the same hash, at the first place from it that was free: four characters, and beside them a bit for each fifth one
   * that may follow, by its lower five bits; all where none must.
   */
  readonly #keys = new Int32Array(places * 2)
  readonly #triggers: (readonly Trigger[] | undefined)[] = new Array(places).fill(undefined)
  readonly #hooks: Hooks
  readonly #reports: readonly Report[]
  /** By filter: findings in the text at hand. */
  readonly #counts: Uint32Array
  readonly #flat = new FlatText()
  /** Before the next call: the last four characters, what all were, and what the last one was. */
  readonly #state = new Int32Array(3)
  #length = 0
  /** Up to where numbers and tokens were looked at. */
  #digitsUntil = 0
  #tokenUntil = 0
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
    const having = <H extends Hook>(hook: H) =>
      filters.flatMap(({ [hook]: look }, filter) => (look === undefined ? [] : [{ filter, look }]))
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
    this.#digitsUntil = 0
    this.#tokenUntil = 0
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
    this.#state.fill(0)
    let digitsUntil = 0
    for (let from = 0; from < text.length; from += stretch) {
      const length = this.#flat.take(text, from)
      for (let index = this.#next(0, length); index < length; index = this.#next(index + 1, length)) {
        const sign = signs[this.#flat.units[index] as number] as number
        const place = from + index
        this.#atTrigger(text, place, this.#state[0] as number)
        if ((sign & stops) === 0) continue
        if ((sign & digit) === 0) this.#atSign(text, place, sign)
        else if (place >= digitsUntil) digitsUntil = this.#atDigit(text, place)
      }
      if (((this.#state[1] as number) & lookAlike) !== 0 && !this.disguised) {
        this.disguised = disguise.test(text.slice(Math.max(0, from - 1), from + length + 1))
        this.#state[1] = 0
      }
    }
  }

  /**
   * The place where something is to be looked at. Without calls, and its state not shared with what makes them, so that the
   * engine keeps all of it in registers.
   */
  #next(start: number, length: number): number {
    const [begins, units, state] = [this.#begins, this.#flat.units, this.#state]
    let last = state[0] as number
    let seen = state[1] as number
    let before = state[2] as number
    let index = start
    for (; index < length; index++) {
      const sign = signs[units[index] as number] as number
      seen |= sign
      // a number is looked at where it begins
      const stop = sign & stops & ~(before & digit)
      before = sign
      last = (last << 8) | (sign & foldedBits)
      const hash = Math.imul(last, spread) >>> 16
      if (((((begins[hash >>> 5] as number) >>> (hash & 31)) & 1) | stop) !== 0) break
    }
    state[0] = last
    state[1] = seen
    state[2] = before
    return index
  }

  #atSign(text: string, index: number, sign: number): void {
    if ((sign & at) !== 0) this.#wake('atSign', text, index)
    else if ((sign & hidden) !== 0) this.#wake('atHidden', text, index)
    else if (index === 0 || (signAt(text, index - 1) & (hex | colon)) !== 0) this.#wake('atColon', text, index)
  }

  /** @returns up to where nothing is to be done at digits */
  #atDigit(text: string, index: number): number {
    if (index >= this.#digitsUntil) {
      const before = signAt(text, index - 1)
      if ((before & (digit | letter)) === 0) this.#digitsUntil = this.#digits(text, index)
      else if ((before & letter) !== 0) this.#maybeCode(text, index)
    }
    if (index >= this.#tokenUntil) this.#tokenUntil = this.#tokenAround(text, index)
    return Math.min(this.#digitsUntil, this.#tokenUntil)
  }

  /** @returns where it ends */
  #tokenAround(text: string, index: number): number {
    let start = index
    while (start > 0 && isInToken(text.charCodeAt(start - 1))) start--
    let end = index + 1
    while (end < text.length && isInToken(text.charCodeAt(end))) end++
    if (end - start >= shortestToken)
      for (const { filter, look } of this.#hooks.atToken)
        if (this.#mayReport(filter)) look(text, start, end, this.#reports[filter] as Report)
    return end
  }

  #digits(text: string, start: number): number {
    if (this.#hooks.atDigits.length === 0) return start
    const end = groupEnd(text, start)
    if (end - start < fewestDigits) return end
    const group = groupAt(text, start, end)
    if (group.count >= fewestDigits)
      for (const { filter, look } of this.#hooks.atDigits)
        if (this.#mayReport(filter)) look(text, group, this.#reports[filter] as Report)
    return end
  }

  /** Two capital letters before a digit, and nothing but these: `RO49…`. */
  #maybeCode(text: string, index: number): void {
    if (index < 2) return
    const [first, second] = [text.charCodeAt(index - 2), text.charCodeAt(index - 1)]
    if (first < 65 || first > 90 || second < 65 || second > 90) return
    if (index > 2 && (isBeyondAscii(text, index - 3) || (signAt(text, index - 3) & (digit | letter)) !== 0)) return
    this.#wake('atCode', text, index - 2)
  }

  #wake(hook: Exclude<Hook, 'atToken' | 'atDigits'>, text: string, at: number): void {
    for (const { filter, look } of this.#hooks[hook])
      if (this.#mayReport(filter)) look(text, at, this.#reports[filter] as Report)
  }

  /** Not after its last finding, which holds the rest of the text. */
  #mayReport = (filter: number): boolean => (this.#counts[filter] as number) < mostFindings

  #atTrigger(text: string, index: number, last: number): void {
    const hash = Math.imul(last, spread) >>> 16
    if ((((this.#begins[hash >>> 5] as number) >>> (hash & 31)) & 1) === 0) return
    const place = this.#placeOf(last, hash)
    if ((((this.#keys[place * 2 + 1] as number) >>> (signAt(text, index + 1) & 31)) & 1) === 0) return
    const start = index - triggerLength + 1
    for (const { text: wanted, filter } of this.#triggers[place] ?? none) {
      if (start < (this.#lookedTo[filter] as number) || !this.#mayReport(filter)) continue
      if (!standsAt(text, start, wanted)) continue
      const to = this.filters[filter]?.atTrigger?.(text, start, this.#reports[filter] as Report)
      if (to !== undefined) this.#lookedTo[filter] = to
    }
  }

  /** @returns where these four characters are in the table, or the place that is free for them */
  #placeOf(last: number, hash: number): number {
    let place = hash & (places - 1)
    while (this.#keys[place * 2] !== last && this.#keys[place * 2 + 1] !== 0) place = (place + 1) & (places - 1)
    return place
  }

  #learn(given: string, filter: number): void {
    const text = lower(given)
    if (text.length < triggerLength) throw new Error(`a trigger needs ${triggerLength} characters: ${given}`)
    let last = 0
    for (let index = 0; index < triggerLength; index++)
      last = (last << 8) | ((signs[text.charCodeAt(index)] as number) & foldedBits)
    const hash = Math.imul(last, spread) >>> 16
    const place = this.#placeOf(last, hash)
    const known = this.#triggers[place] ?? []
    const fifth = text.length === triggerLength ? -1 : 1 << (signAt(text, triggerLength) & 31)
    this.#keys[place * 2] = last
    this.#keys[place * 2 + 1] = (this.#keys[place * 2 + 1] as number) | fifth
    if (!known.some((other) => other.filter === filter && other.text === text))
      this.#triggers[place] = [...known, { text, filter }]
    this.#begins[hash >>> 5] = (this.#begins[hash >>> 5] as number) | (1 << (hash & 31))
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

const isInToken = (code: number): boolean => ((signs[code] as number) & (digit | letter | tokenSign)) !== 0
const isBeyondAscii = (text: string, index: number): boolean => text.charCodeAt(index) > 127

const lower = (text: string): string => text.replace(/[A-Z]/g, (char) => char.toLowerCase())

function standsAt(text: string, start: number, wanted: string): boolean {
  if (start + wanted.length > text.length) return false
  for (let offset = 0; offset < wanted.length; offset++) {
    const code = text.charCodeAt(start + offset)
    if ((code < 128 ? (signs[code] as number) & foldedBits : code) !== wanted.charCodeAt(offset)) return false
  }
  return true
}
