import type {
  ContentFilterId,
  Direction,
  FilterAction,
  FilterGroup,
  FilterSeverity,
  OwnWord,
} from '../../../shared/domain/filters.ts'

/** Places in a text, counted in UTF-16 units. `reason` is a key of the messages `filters.reason.…`; never contents. */
interface Found {
  readonly start: number
  readonly end: number
  readonly reason: string
}
export type Finding = Found &
  (
    | { readonly filter: ContentFilterId; readonly word?: undefined }
    | { readonly filter: 'own-words'; readonly word: OwnWord }
  )

/** Digits with single separators between them, as cards, numbers of persons and phones are written. */
export interface DigitGroup {
  readonly start: number
  readonly end: number
  /** How many digits: known before any text is made of them. */
  readonly count: number
  /** How many parts, as well. */
  readonly partCount: number
  readonly digits: string
  /** Digits between two separators. */
  readonly parts: readonly string[]
  /** Where each of them begins. */
  readonly starts: readonly number[]
  /** `+`, `00` or nothing before it. */
  readonly plus: boolean
}

export type Report = (start: number, end: number, reason: string) => void

/**
 * One thing to look for in a text. The scanner walks over a text once and wakes a filter only where something stands that
 * it could be about; what the filter then does must be bounded, whatever the text is: sticky patterns whose every
 * repetition has a limit, or own loops with one.
 */
export interface ContentFilter {
  readonly id: ContentFilterId
  readonly group: FilterGroup
  readonly severity: FilterSeverity
  /** For the audit entry, beside the label of its group. */
  readonly label: string
  readonly actions: Readonly<Record<'permissive' | 'strict', Readonly<Record<Direction, FilterAction>>>>
  /** At least four characters each; letters in any case. */
  readonly triggers?: readonly string[]
  /** @returns where it has looked to, so that it is not woken again before */
  readonly atTrigger?: (text: string, at: number, report: Report) => number | undefined
  /** A run of at least 16 letters, digits and `+/=_-`, with a digit in it. */
  readonly atToken?: (text: string, start: number, end: number, report: Report) => void
  readonly atDigits?: (text: string, group: DigitGroup, report: Report) => void
  /** An `@`. */
  readonly atSign?: (text: string, at: number, report: Report) => void
  /** Two capital letters before a digit. */
  readonly atCode?: (text: string, at: number, report: Report) => void
  /** A character that is not seen, or a control character. */
  readonly atHidden?: (text: string, at: number, report: Report) => void
  /** A `:` between hexadecimal digits. */
  readonly atColon?: (text: string, at: number, report: Report) => void
}

export const isLetterOrDigit = (code: number): boolean =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

/** Neighbouring parts of a group, `from` counted from 0. */
export const partsFrom = ({ parts, starts }: DigitGroup, from: number, count: number) => {
  const taken = parts.slice(from, from + count)
  const start = starts[from] ?? 0
  const last = from + count - 1
  return { parts: taken, start, end: (starts[last] ?? 0) + (parts[last]?.length ?? 0) }
}

/** Whether a word stands just before, so that it may say what follows: `Tel: 0…`, `CUI 1…`. */
export function isNamedBefore(text: string, at: number): boolean {
  let before = at - 1
  while (before >= 0 && at - before < 5 && ' .:\u00a0'.includes(text[before] ?? '')) before--
  const code = text.charCodeAt(before)
  return before < at - 1 && (code > 127 || (isLetterOrDigit(code) && code > 57))
}

/** The sticky pattern at this place. @returns where it ends, or -1 */
export function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}
