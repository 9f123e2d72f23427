import { type ContentFilter, partsFrom } from './content-filter.ts'
import { sensitive } from './personal-actions.ts'

/** Romanian CNP with its date, county and control digit; American numbers in their 3-2-4 form. */
export const nationalId: ContentFilter = {
  id: 'national-id',
  group: 'personal',
  severity: 'warning',
  label: 'national-id',
  actions: sensitive,
  atDigits(text, group, report) {
    if (group.count < 9 || (group.partCount === 1 && group.count !== 13)) return
    for (let from = 0; from < group.parts.length; from++) {
      const one = group.parts[from] ?? ''
      const start = group.starts[from] ?? 0
      if (one.length === 13 && isCnp(one)) report(start, start + 13, 'cnp')
      if (one.length !== 3) continue
      const three = partsFrom(group, from, 3)
      if (
        three.parts.length === 3 &&
        isSsn(three.parts) &&
        text.slice(three.start, three.end) === three.parts.join('-')
      )
        report(three.start, three.end, 'ssn')
    }
  },
}

const weights = [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]

/** @see Romanian Law 105/1996: sex and century, date of birth, county, serial, control digit (weights 279146358279 modulo 11) */
export function isCnp(digits: string): boolean {
  const at = (index: number) => digits.charCodeAt(index) - 48
  const two = (index: number) => at(index) * 10 + at(index + 1)
  const [month, day, county] = [two(3), two(5), two(7)]
  if (at(0) === 0 || month < 1 || month > 12 || day < 1 || day > 31) return false
  if (
    !(
      (county >= 1 && county <= 48) ||
      county === 51 ||
      county === 52 ||
      county === 70 ||
      (county >= 80 && county <= 83)
    )
  )
    return false
  const sum = weights.reduce((total, weight, index) => total + weight * at(index), 0)
  const control = sum % 11 === 10 ? 1 : sum % 11
  return control === at(12)
}

/** @see the Social Security Administration's rules since 2011: areas 000, 666 and 900 to 999 are not given out */
function isSsn([area = '', group = '', serial = '']: readonly string[]): boolean {
  if (area.length !== 3 || group.length !== 2 || serial.length !== 4) return false
  return area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000'
}
