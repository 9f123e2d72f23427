import type { ContentFilter } from './content-filter.ts'
import { isPlaceholder } from './secret-token.ts'

const longest = 256
const mostBetween = 8
const longestName = 32
/** What a value is called just before it: `api_key = "…"`, `Authorization: Bearer …`, `"clientSecret": "…"`. */
const naming =
  /(?:(?:api|access|secret|private|signing|encryption|master|account)[_-]?key|secret|token|bearer|passw(?:or)?d|passphrase|credentials?)$/i
/** The last letters of these names, in lower case. */
const nameEnds: ReadonlySet<number> = new Set([...'ytnrdels'].map((char) => char.charCodeAt(0)))
const commonHash = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/**
 * A value without a known look that is called a secret and looks made by chance: Shannon entropy of at least 3.3 bits a
 * character (English words have 2 to 3, random base64 of this length 4 and more). Without a name it would be any hash or id.
 */
export const namedSecret: ContentFilter = {
  id: 'named-secret',
  group: 'secrets',
  severity: 'warning',
  label: 'secret',
  actions: { permissive: { call: 'warn', reply: 'warn' }, strict: { call: 'warn', reply: 'redact' } },
  atToken(text, given, end, report) {
    // the run may hold the name itself: API_KEY=value
    const start = valueStart(text, given, end)
    const length = end - start
    if (length < 16 || length > longest) return
    if (!isNamed(text, start)) return
    const value = text.slice(start, end)
    if (uuid.test(value) || isPlaceholder(value) || !isMixed(value)) return
    const bits = entropyOf(value)
    if (bits < (commonHash.test(value) ? 3 : 3.3)) return
    report(start, end, 'random')
  },
}

const longestAssigned = 64
function valueStart(text: string, start: number, end: number): number {
  for (let at = Math.min(start + longestAssigned, end - 17); at > start; at--)
    if (text.charCodeAt(at) === 61) return at + 1
  return start
}

/** Only quotes, blanks, `:`, `=` and `>` stand between a name and its value. */
function isNamed(text: string, start: number): boolean {
  let end = start
  while (end > 0 && start - end < mostBetween && isBetween(text.charCodeAt(end - 1))) end--
  if (end === start || !nameEnds.has(text.charCodeAt(end - 1) | 32)) return false
  return naming.test(text.slice(Math.max(0, end - longestName), end))
}

const isBetween = (code: number) =>
  code === 32 || code === 9 || code === 34 || code === 39 || code === 96 || code === 58 || code === 61 || code === 62

/** Digits and letters; a path, a sentence in kebab-case or an identifier has few digits. */
function isMixed(value: string): boolean {
  let digits = 0
  let slashes = 0
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    if (code >= 48 && code <= 57) digits++
    else if (code === 47 || code === 45 || code === 95) slashes++
  }
  return digits >= 2 && digits * 25 >= value.length && slashes * 6 <= value.length
}

/** Bits a character. @see C. E. Shannon, A Mathematical Theory of Communication, 1948 */
export function entropyOf(value: string): number {
  const counts = new Map<number, number>()
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index)
    counts.set(code, (counts.get(code) ?? 0) + 1)
  }
  let bits = 0
  for (const count of counts.values()) bits -= (count / value.length) * Math.log2(count / value.length)
  return bits
}
