import type { ContentFilter } from './content-filter.ts'
import { labelledOnly } from './personal-actions.ts'

const named =
  /(?:full ?name|first ?name|last ?name|surname|patient|pacient|nume(?: și prenume)?|prenume|dear (?:mr|ms|mrs|dr)|sehr geehrte[r]? (?:herr|frau)|stimat[ăe] (?:domnule|doamnă))["'.]{0,2}[ \t]{0,2}[:=]?[ \t]{0,2}["']?(\p{Lu}[\p{L}'’-]{1,40}(?:[ \t]\p{Lu}[\p{L}'’-]{1,40}){0,3})/iuy
const startsUpper = /\p{Lu}/u

/** A name where something says that one follows. Names by themselves are not looked for. */
export const personName: ContentFilter = {
  id: 'person-name',
  group: 'personal',
  severity: 'info',
  label: 'person-name',
  actions: labelledOnly,
  triggers: [
    ...['full name', 'fullname', 'first name', 'firstname', 'last name', 'lastname', 'surname', 'patient', 'pacient'],
    ...['nume', 'prenume', 'dear mr', 'dear ms', 'dear dr', 'sehr geehrte', 'stimat'],
  ],
  atTrigger(text, at, report) {
    if (at > 0 && /[\p{L}\d_]/u.test(text[at - 1] ?? '')) return undefined
    named.lastIndex = at
    const match = named.exec(text)
    const name = match?.[1]
    if (match === null || name === undefined || !startsUpper.test(name[0] ?? '') || !/[ \t]/.test(name))
      return undefined
    const end = at + match[0].length
    report(end - name.length, end, 'named')
    return end
  },
}
