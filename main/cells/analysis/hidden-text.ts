import type { Finding } from '../../../shared/domain/finding.ts'
import { excerpt, type PlacedText } from './texts.ts'

const flag = /\u{1F3F4}[\u{E0030}-\u{E0039}\u{E0061}-\u{E007A}]{1,7}\u{E007F}/gu
const tags = /[\u{E0000}-\u{E007F}]+/u
const overrides = /[\u202A-\u202E]/u
const isolates = /[\u2066-\u2069\u200E\u200F\u061C]/u
const rightToLeft = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u
const zeroWidth = /[\u200B\u2060-\u2064\u180E\u00AD\u115F\u1160\u3164\uFFA0\uFEFF]|\u034F/gu
const joiners = /[\u200C\u200D]/gu
/** Scripts and signs that need joiners to be written rightly. */
const joined =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Oriya}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{Script=Mongolian}]|\uFE0F/u
const selectors = /[\uFE00-\uFE0F]{2,}|[\u{E0100}-\u{E01EF}]{2,}/u
const privateUse = /[\u{F0000}-\u{10FFFF}]{2,}/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const controls = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F]/u
const padding = /[ \t\u00A0\u2000-\u200A\u3000]{60,}\S|(?:[ \t]*\r?\n){15,}[ \t]*\S/u

/**
 * Text a person does not see and a model reads: tag characters, invisible letters, reversed order, terminal codes, text
 * pushed out of sight by blanks.
 * @see Unicode UTR #36 and UTS #55 on source code, “Trojan Source” (CVE-2021-42574), tag-character smuggling
 */
export function hiddenText({ place, text, isName }: PlacedText): Finding[] {
  const found = (rule: 'hidden-text' | 'hidden-space', at: number, severity: Finding['severity']): Finding => ({
    place,
    rule,
    detail: excerpt(text, at),
    severity,
  })
  const plain = text.replace(flag, (sign) => ' '.repeat(sign.length))
  for (const pattern of [tags, overrides, selectors, privateUse, controls]) {
    const at = plain.search(pattern)
    if (at >= 0) return [found('hidden-text', at, 'high')]
  }
  const isolate = plain.search(isolates)
  if (isolate >= 0 && (isName || !rightToLeft.test(plain))) return [found('hidden-text', isolate, 'high')]
  const invisible = invisibleAt(plain)
  if (invisible) return [found('hidden-text', invisible.at, isName || invisible.count > 2 ? 'high' : 'medium')]
  const pushed = plain.search(padding)
  return pushed >= 0 ? [found('hidden-space', pushed, 'high')] : []
}

/** The first invisible letter that does no work, and how many there are. */
function invisibleAt(text: string): { readonly at: number; readonly count: number } | undefined {
  const idle: number[] = []
  for (const { index } of text.matchAll(zeroWidth)) if (!(index === 0 && text[0] === '\uFEFF')) idle.push(index)
  for (const { index } of text.matchAll(joiners)) {
    const around = text.slice(Math.max(0, index - 2), index) + text.slice(index + 1, index + 3)
    if (!joined.test(around)) idle.push(index)
  }
  const [at] = idle.sort((a, b) => a - b)
  return at === undefined ? undefined : { at, count: idle.length }
}
