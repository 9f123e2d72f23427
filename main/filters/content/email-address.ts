import { type ContentFilter, isLetterOrDigit } from './content-filter.ts'
import { labelledOnly } from './personal-actions.ts'

const mostBefore = 64
const mostAfter = 253
const signs = new Set([...'._%+-'].map((char) => char.charCodeAt(0)))
/** `logo@2x.png`, and hosts that stand in examples of remote commands. */
const noDomains: ReadonlySet<string> = new Set('png jpg jpeg gif svg webp css js ts git local internal'.split(' '))
const isNoDomain = (last: string) => noDomains.has(last.toLowerCase())

/** Up to 64 characters, `@`, a domain with a letter-only end. @see RFC 5321, 4.5.3.1 for the lengths */
export const emailAddress: ContentFilter = {
  id: 'email-address',
  group: 'personal',
  severity: 'info',
  label: 'email',
  actions: labelledOnly,
  atSign(text, at, report) {
    let start = at
    while (start > 0 && at - start < mostBefore && isLocal(text.charCodeAt(start - 1))) start--
    let end = at + 1
    while (end < text.length && end - at < mostAfter && isDomain(text.charCodeAt(end))) end++
    while (end > at + 1 && !isLetterOrDigit(text.charCodeAt(end - 1))) end--
    if (start === at) return
    const domain = text.slice(at + 1, end)
    const dot = domain.lastIndexOf('.')
    if (dot < 1 || domain.length - dot < 3 || !isLettersFrom(domain, dot + 1) || isNoDomain(domain.slice(dot + 1)))
      return
    if (text.slice(start, at) === 'git' && text.charCodeAt(end) === 58) return // git@github.com:…
    report(start, end, 'address')
  },
}

const isLocal = (code: number) => isLetterOrDigit(code) || signs.has(code)
const isDomain = (code: number) => isLetterOrDigit(code) || code === 45 || code === 46

function isLettersFrom(text: string, from: number): boolean {
  for (let index = from; index < text.length; index++) {
    const code = text.charCodeAt(index) | 32
    if (code < 97 || code > 122) return false
  }
  return true
}
