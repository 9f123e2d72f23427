import { isIPv6 } from 'node:net'
import { type ContentFilter, partsFrom } from './content-filter.ts'
import { labelledOnly } from './personal-actions.ts'

const longestV6 = 45
const lookBack = 16
const version = /(?:v|ver\.?|version|release|build|firmware|chrome\/|safari\/|edg\/|gecko\/)[ /]{0,2}$/i

/** Public addresses. Private, loopback and documentation ranges say nothing of a person. */
export const ipAddress: ContentFilter = {
  id: 'ip-address',
  group: 'personal',
  severity: 'info',
  label: 'ip-address',
  actions: labelledOnly,
  atDigits(text, group, report) {
    for (let from = 0; from + 4 <= group.partCount; from++) {
      const { parts, start, end } = partsFrom(group, from, 4)
      if (end - start <= 15) v4(text, parts, start, end, report)
    }
  },
  atColon(text, at, report) {
    let start = at
    while (start > 0 && at - start < longestV6 && isV6(text.charCodeAt(start - 1))) start--
    const first = text.charCodeAt(start)
    if (first !== 50 && first !== 51) return // public addresses begin with 2 or 3
    let end = at
    while (end < text.length && end - start <= longestV6 && isV6(text.charCodeAt(end))) end++
    const found = text.slice(start, end)
    if (found.length < 6 || found.indexOf(':') !== at - start || !isIPv6(found)) return
    if (!/^2001:0?db8:/i.test(found)) report(start, end, 'v6')
  },
}

const isV6 = (code: number) => (code >= 48 && code <= 58) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102)

function v4(
  text: string,
  parts: readonly string[],
  start: number,
  end: number,
  report: (start: number, end: number, reason: string) => void,
) {
  const written = text.slice(start, end)
  if (written !== parts.join('.') || parts.some((part) => part.length > 3 || Number(part) > 255 || /^0\d/.test(part)))
    return
  if (
    text.charCodeAt(end) === 46 ||
    text.charCodeAt(start - 1) === 46 ||
    version.test(text.slice(Math.max(0, start - lookBack), start))
  )
    return
  const [a = 0, b = 0, c = 0] = parts.map(Number)
  const local =
    a === 0 || a === 10 || a === 127 || a >= 224 || (a === 172 && b >= 16 && b < 32) || (a === 192 && b === 168)
  const documented =
    (a === 192 && b === 0 && c === 2) || (a === 198 && b === 51 && c === 100) || (a === 203 && b === 0 && c === 113)
  const shared = (a === 169 && b === 254) || (a === 100 && b >= 64 && b < 128)
  if (!local && !documented && !shared) report(start, end, 'v4')
}
