import { countrySpecs, isValidIBAN } from 'ibantools'
import { type ContentFilter, isLetterOrDigit } from './content-filter.ts'
import { sensitive } from './personal-actions.ts'

const specs: Readonly<Record<string, { readonly chars?: number | null } | undefined>> = countrySpecs

/** Country, length, form and the remainder modulo 97, with single spaces or in one. @see ISO 13616 */
export const iban: ContentFilter = {
  id: 'iban',
  group: 'personal',
  severity: 'warning',
  label: 'iban',
  actions: sensitive,
  atCode(text, at, report) {
    const wanted = specs[text.slice(at, at + 2)]?.chars ?? 0
    if (wanted === 0) return
    let number = ''
    let end = at
    for (; end < text.length && number.length < wanted; end++) {
      const code = text.charCodeAt(end)
      if (isLetterOrDigit(code)) number += text[end]
      else if (code !== 32 || text.charCodeAt(end - 1) === 32) return
    }
    if (number.length === wanted && !isLetterOrDigit(text.charCodeAt(end)) && isValidIBAN(number))
      report(at, end, 'mod97')
  },
}
