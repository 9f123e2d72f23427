import { type ContentFilter, isNamedBefore } from './content-filter.ts'
import { labelledOnly } from './personal-actions.ts'

const lookBack = 20
const zero = 48
const naming =
  /(?:tel|telefon|telephone|phone|mobile|mobil|handy|cell|fax|call|sunați|whatsapp|☎|📞)[a-z.]{0,8}[ .:\u00a0]{0,3}$/i

/**
 * With a country code, in a national form that is typical (Romania, North America), or called a phone number. Numbers
 * that only could be one are none.
 * @see ITU-T E.164: at most 15 digits
 */
export const phoneNumber: ContentFilter = {
  id: 'phone-number',
  group: 'personal',
  severity: 'info',
  label: 'phone',
  actions: labelledOnly,
  atDigits(text, group, report) {
    const { count: length, start, end, plus } = group
    if (length < 7 || length > 15) return
    const formed = plus || length === 10 || text.charCodeAt(start) === zero
    if (!formed && !isNamedBefore(text, start)) return // a date, for one
    const { digits, parts } = group
    const international =
      (plus && length >= 9 && digits[0] !== '0') ||
      (/^00[1-9]/.test(digits) &&
        length >= 11 &&
        parts.length > 1 &&
        !/\d ?$/.test(text.slice(Math.max(0, start - 2), start)))
    const romanian = length === 10 && /^0[237]/.test(digits) && parts.length >= 3 && parts.length <= 5
    const american =
      length === 10 &&
      parts.length === 3 &&
      parts.map((part) => part.length).join() === '3,3,4' &&
      /^[2-9]/.test(digits)
    if (
      international ||
      romanian ||
      american ||
      (isNamedBefore(text, start) && naming.test(text.slice(Math.max(0, start - lookBack), start)))
    )
      report(plus ? start - 1 : start, end, 'number')
  },
}
