import { type ContentFilter, isNamedBefore } from './content-filter.ts'
import { labelledOnly } from './personal-actions.ts'

const lookBack = 24
const naming =
  /(?:\bRO|CUI|CIF|C\.U\.I\.|C\.I\.F\.|cod(?:ul)? (?:unic|fiscal)(?: de (?:înregistrare|identificare))?)[ :.]{0,3}(?:RO ?)?$/i

/** Romanian CUI/CIF: named so, or with `RO` before it, and with its control digit. */
export const companyId: ContentFilter = {
  id: 'company-id',
  group: 'personal',
  severity: 'info',
  label: 'company-id',
  actions: labelledOnly,
  atDigits(text, group, report) {
    const { start } = group
    if (!isNamedBefore(text, start)) return
    const [digits = ''] = group.parts
    const named = digits.length <= 10 && isCui(digits) && naming.test(text.slice(Math.max(0, start - lookBack), start))
    if (named) report(start, start + digits.length, 'cui')
  },
  atCode(text, at, report) {
    if (text.charCodeAt(at) !== 82 || text.charCodeAt(at + 1) !== 79) return
    let end = at + 2
    while (end < at + 13 && text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end++
    if (isCui(text.slice(at + 2, end))) report(at, end, 'cui')
  },
}

const weights = [7, 5, 3, 2, 1, 7, 5, 3, 2]

/** Control digit: weights 753217532 from the left of nine places, times ten, modulo eleven; ten counts as nought. */
export function isCui(digits: string): boolean {
  if (digits.length < 2 || digits.length > 10 || !/^[1-9]\d*$/.test(digits)) return false
  const body = digits.slice(0, -1).padStart(9, '0')
  const sum = weights.reduce((total, weight, index) => total + weight * (body.charCodeAt(index) - 48), 0)
  return ((sum * 10) % 11) % 10 === digits.charCodeAt(digits.length - 1) - 48
}
