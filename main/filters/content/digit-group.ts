import type { DigitGroup } from './content-filter.ts'

const longestGroup = 40
/** Of which any filter makes something. */
export const fewestDigits = 7

const isDigit = (code: number) => code >= 48 && code <= 57
/** Space, `-`, `.`, `/`, `(`, `)` and the no-break space. */
const isSeparator = (code: number) =>
  code === 32 || code === 45 || code === 46 || code === 47 || code === 40 || code === 41 || code === 160

/** Where digits with at most two separators between them end; a longer number is one number. */
export function groupEnd(text: string, start: number): number {
  let end = start
  for (;;) {
    while (end < text.length && isDigit(text.charCodeAt(end))) end++
    if (end - start >= longestGroup) return end
    let next = end
    while (next - end < 2 && isSeparator(text.charCodeAt(next))) next++
    if (next === end || !isDigit(text.charCodeAt(next))) return end
    end = next
  }
}

export const groupAt = (text: string, start: number, end: number): DigitGroup => new Group(text, start, end)

/** Most groups are dates and counters that no filter looks into: what they consist of is made when it is asked for. */
class Group implements DigitGroup {
  readonly count: number
  readonly partCount: number
  readonly plus: boolean
  #digits: string | undefined
  #parts: readonly string[] | undefined
  readonly #starts: number[] = []

  constructor(
    private readonly text: string,
    readonly start: number,
    readonly end: number,
  ) {
    let count = 0
    let partCount = 0
    let inside = false
    for (let index = start; index < end; index++) {
      const digit = isDigit(text.charCodeAt(index))
      if (digit) count++
      if (digit && !inside) partCount++
      inside = digit
    }
    this.count = count
    this.partCount = partCount
    this.plus = text.charCodeAt(start - 1) === 43
  }

  get digits(): string {
    this.#digits ??= this.parts.join('')
    return this.#digits
  }

  get parts(): readonly string[] {
    this.#parts ??= this.#divide()
    return this.#parts
  }

  get starts(): readonly number[] {
    this.#parts ??= this.#divide()
    return this.#starts
  }

  #divide(): readonly string[] {
    const { text, start, end } = this
    const parts: string[] = []
    for (let from = start; from < end; ) {
      let to = from
      while (to < end && isDigit(text.charCodeAt(to))) to++
      parts.push(text.slice(from, to))
      this.#starts.push(from)
      from = to
      while (from < end && !isDigit(text.charCodeAt(from))) from++
    }
    return parts
  }
}
