import { type ContentFilter, partsFrom } from './content-filter.ts'
import { sensitive } from './personal-actions.ts'

/** Lengths and first digits of the networks. @see ISO/IEC 7812 and the networks' published ranges */
const networks: readonly (readonly [pattern: RegExp, lengths: readonly number[]])[] = [
  [/^4/, [13, 16, 19]],
  [/^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, [16]],
  [/^3[47]/, [15]],
  [/^(?:6011|65|64[4-9])/, [16, 19]],
  [/^35(?:2[89]|[3-8])/, [16]],
  [/^3(?:0[0-5]|[68])/, [14]],
  [/^(?:5018|5020|5038|6304|6759|676[1-3])/, [16, 18, 19]],
]

/** The Luhn sum, the network's first digits and its length; written in groups of four (or 4-6-5), or in one. */
export const paymentCard: ContentFilter = {
  id: 'payment-card',
  group: 'personal',
  severity: 'warning',
  label: 'payment-card',
  actions: sensitive,
  atDigits(_text, group, report) {
    if (group.count < 13) return
    for (let from = 0; from < group.parts.length; from++)
      for (let count = 1; count <= 5 && from + count <= group.parts.length; count++) {
        const { parts, start, end } = partsFrom(group, from, count)
        const digits = parts.join('')
        if (digits.length > 19) break
        if (digits.length >= 13 && isGrouped(parts) && isCard(digits)) return report(start, end, 'luhn')
      }
  },
}

const isCard = (digits: string): boolean =>
  !/^(\d)\1*$/.test(digits) &&
  networks.some(([first, lengths]) => lengths.includes(digits.length) && first.test(digits)) &&
  passesLuhn(digits)

const isGrouped = (parts: readonly string[]) =>
  parts.length === 1 ||
  parts.slice(0, -1).every(({ length }) => length === 4) ||
  (parts.length === 3 && parts[0]?.length === 4 && parts[1]?.length === 6)

export function passesLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const value = digits.charCodeAt(digits.length - 1 - index) - 48
    const doubled = index % 2 === 0 ? value : value * 2
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0
}
