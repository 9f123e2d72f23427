import type { ContentFilter, Report } from './content-filter.ts'

const [joiner, nonJoiner, softHyphen, byteOrderMark] = [0x200d, 0x200c, 0xad, 0xfeff]
/** Zero-width characters one after the other, or so many of them in a text of Latin letters, hide something. */
const mostRun = 3
/** What may follow an escape character: colours, clearing a line, moving the cursor. */
const escapes = /(?:\[[0-9;:]{0,24}m|\[[0-9;]{0,12}[KHJA-G]|\(B)/y

/**
 * Characters that a person does not see and a model or a terminal does: tags, bidirectional overrides, zero-width ones,
 * control characters. Joiners in emoji and in scripts that need them, marks of right-to-left scripts, flags, soft hyphens
 * and the colours of a terminal are innocent.
 * @see Unicode Technical Standard 39, and “Trojan Source” (CVE-2021-42574)
 */
export const hiddenCharacters: ContentFilter = {
  id: 'hidden-characters',
  group: 'hidden',
  severity: 'warning',
  label: 'hidden-characters',
  actions: { permissive: { call: 'warn', reply: 'warn' }, strict: { call: 'redact', reply: 'redact' } },
  atHidden(text, at, report) {
    const code = text.charCodeAt(at)
    if (code < 32 || (code >= 0x7f && code <= 0x9f)) controls(text, at, code, report)
    else if (code === 0xdb40) supplement(text, at, report)
    else if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069)) overrides(text, at, report)
    else if (code >= 0xfe00 && code <= 0xfe0f) selectors(text, at, report)
    else zeroWidth(text, at, code, report)
  },
}

/** Colours and cursor moves are what programs print; anything else after an escape may rewrite what is shown. */
function controls(text: string, at: number, code: number, report: Report): void {
  if (code === 0x85 || code === 0x0c || code === 0x0b) return // line and page breaks of older systems
  if (code === 27) {
    escapes.lastIndex = at + 1
    if (escapes.test(text)) return
    report(at, at + 1, 'escape')
  } else if (code === 8) report(at, at + 1, 'backspace')
  else report(at, at + 1, 'control')
}

const flagBase = 0xdff4 // second half of the black flag, 🏴

/** Tags spell a text of their own unless they belong to a flag (🏴 … cancel tag); the variation selectors 17 to 256 too. */
function supplement(text: string, at: number, report: Report): void {
  const low = text.charCodeAt(at + 1)
  if (low >= 0xdd00) {
    if (isSupplement(text, at - 2)) return
    const end = runEnd(text, at, (code, next) => code === 0xdb40 && next >= 0xdd00)
    if ((end - at) / 2 > 1) report(at, end, 'selectors')
    return
  }
  if (isSupplement(text, at - 2)) return // part of a run that was looked at
  const end = runEnd(text, at, (code, next) => code === 0xdb40 && next < 0xdd00)
  const flag = text.charCodeAt(at - 1) === flagBase && (end - at) / 2 <= 7 && text.charCodeAt(end - 1) === 0xdc7f
  if (!flag) report(at, end, 'tags')
}
const isSupplement = (text: string, at: number) => at >= 0 && text.charCodeAt(at) === 0xdb40

function runEnd(text: string, at: number, goesOn: (code: number, next: number) => boolean): number {
  let end = at
  while (end + 1 < text.length && goesOn(text.charCodeAt(end), text.charCodeAt(end + 1))) end += 2
  return Math.max(end, at + 2)
}

/** Isolates around right-to-left words are how such texts are written; overrides, and isolates in Latin text, are not. */
function overrides(text: string, at: number, report: Report): void {
  const code = text.charCodeAt(at)
  const forced = code === 0x202d || code === 0x202e
  if (!forced && isRightToLeftNear(text, at)) return
  report(at, at + 1, 'direction')
}

function selectors(text: string, at: number, report: Report): void {
  const before = text.charCodeAt(at - 1)
  if (before >= 0xfe00 && before <= 0xfe0f && !(text.charCodeAt(at - 2) >= 0xfe00 && text.charCodeAt(at - 2) <= 0xfe0f))
    report(at - 1, at + 1, 'selectors')
}

function zeroWidth(text: string, at: number, code: number, report: Report): void {
  if (code === byteOrderMark && at === 0) return
  if (code === softHyphen) return
  if (code === 0x2028 || code === 0x2029 || code === 0x2800) return // line separators and braille
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at + 1)]
  if ((code === joiner || code === nonJoiner) && before > 0x2ff && after > 0x2ff && !isZeroWidth(after)) return
  if ((code === 0x200e || code === 0x200f || code === 0x61c) && (isRightToLeftNear(text, at) || code === 0x200e)) return
  if (isZeroWidth(before)) return // the run was looked at where it began
  let end = at + 1
  while (end < text.length && end - at < 1_000 && isZeroWidth(text.charCodeAt(end))) end++
  const inWord = isLatin(before) && isLatin(text.charCodeAt(end))
  if (end - at >= mostRun || (inWord && code !== 0x2060)) report(at, end, 'zero-width')
}

const isZeroWidth = (code: number) =>
  (code >= 0x200b && code <= 0x200d) ||
  (code >= 0x2060 && code <= 0x206f) ||
  code === byteOrderMark ||
  code === 0x180e ||
  code === 0x3164 ||
  code === 0xffa0
const isLatin = (code: number) => (code >= 65 && code <= 90) || (code >= 97 && code <= 122)

const near = 64
function isRightToLeftNear(text: string, at: number): boolean {
  for (let index = Math.max(0, at - near); index < Math.min(text.length, at + near); index++) {
    const code = text.charCodeAt(index)
    if ((code >= 0x590 && code <= 0x8ff) || (code >= 0xfb1d && code <= 0xfdff) || (code >= 0xfe70 && code <= 0xfefc))
      return true
  }
  return false
}
