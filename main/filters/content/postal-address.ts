import { type ContentFilter, endOf } from './content-filter.ts'
import { labelledOnly } from './personal-actions.ts'

const lookBack = 60
/** Street words that come before the name, as in Romania, France and Spain. */
const leading =
  /(?:[Ss]tr(?:ada|\.)|[Bb]d\.|[Bb]-dul|[Bb]ulevardul|[Cc]alea|[Aa]leea|[Șș]oseaua|[Pp]iața|[Rr]ue|[Cc]alle)[ \t](?:(?:de|des|du|la|le)[ \t]){0,2}\p{Lu}[\p{L}.'’-]{1,30}(?:[ \t]\p{L}[\p{L}.'’-]{0,30}){0,4}[ \t]{0,2},?[ \t]{0,2}(?:nr\.?[ \t]{0,2})?\d{1,4}/uy
/** English street words after a number and a name. */
const trailing = /(?:^|[^\p{L}\d])(\d{1,5}[A-Za-z]?[ \t](?:\p{Lu}[\p{L}.'’-]{1,30}[ \t]){1,4})$/u
const german = /(?:straße|strasse|gasse|allee)[ \t]\d{1,4}/y
const nameBefore = /\p{Lu}[\p{L}-]{1,40}(?:[ \t]\p{Lu}[\p{L}-]{1,40})?$/u
const english = /(?:Street|Avenue|Road|Boulevard|Lane|Drive|Parkway)(?![\p{L}])/uy

/** A street with a house number, as it is written in a few languages. */
export const postalAddress: ContentFilter = {
  id: 'postal-address',
  group: 'personal',
  severity: 'info',
  label: 'postal-address',
  actions: labelledOnly,
  triggers: [
    ...[
      'str. ',
      'strada ',
      'bd. ',
      'b-dul ',
      'bulevardul ',
      'calea ',
      'aleea ',
      'șoseaua ',
      'piața ',
      'rue ',
      'calle ',
    ],
    ...['straße ', 'strasse ', 'gasse ', 'allee ', 'street', 'avenue', 'road', 'boulevard', 'lane', 'drive', 'parkway'],
  ],
  atTrigger(text, at, report) {
    const before = text.slice(Math.max(0, at - lookBack), at)
    const led = /[\p{L}\d]$/u.test(before) ? -1 : endOf(leading, text, at)
    if (led > 0) {
      report(at, led, 'street')
      return led
    }
    const numbered = endOf(german, text, at)
    const name = numbered > 0 ? nameBefore.exec(before) : null
    if (name) report(at - name[0].length, numbered, 'street')
    const ends = endOf(english, text, at)
    const house = ends > 0 ? trailing.exec(before)?.[1] : undefined
    if (house !== undefined) report(at - house.length, ends, 'street')
    return undefined
  },
}
