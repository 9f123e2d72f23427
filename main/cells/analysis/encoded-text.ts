import type { Finding } from '../../../shared/domain/finding.ts'
import { modelInstructions } from './model-instructions.ts'
import { excerpt, type PlacedText } from './texts.ts'

const base64 = /[A-Za-z0-9+/_-]{40,}={0,2}/gu
const hex = /(?:[0-9a-f]{2}[ :]?){24,}/giu
const escaped = /(?:(?:\\x[0-9a-f]{2}|%[0-9a-f]{2}|\\u[0-9a-f]{4}|&#x?[0-9a-f]{2,5};)){12,}/giu
const mostTried = 20
const mostDecoded = 4000

/** Text inside text: long base64, hexadecimal or escaped runs that spell words. What they spell is looked at, too. */
export function encodedText({ place, text }: PlacedText): Finding[] {
  let tried = 0
  for (const [pattern, decode] of [
    [base64, fromBase64],
    [hex, fromHex],
    [escaped, fromEscapes],
  ] as const)
    for (const { 0: run, index } of text.matchAll(pattern)) {
      if (++tried > mostTried) return []
      if (text.slice(Math.max(0, index - 40), index).includes('data:image/')) continue
      const inside = decode(run.slice(0, mostDecoded))
      if (inside === undefined) continue
      const orders = modelInstructions({ place, text: inside, isName: false }).length > 0
      const detail = `${excerpt(run, 0, 24).slice(0, 40)}… → ${excerpt(inside, 0, 80)}`
      return [{ place, rule: 'encoded-text', detail, severity: orders ? 'high' : 'medium' }]
    }
  return []
}

const fromBase64 = (run: string) =>
  words(Buffer.from(run, run.includes('-') || run.includes('_') ? 'base64url' : 'base64'))
const fromHex = (run: string) => words(Buffer.from(run.replace(/[ :]/gu, ''), 'hex'))
const fromEscapes = (run: string) =>
  words(
    Buffer.from(
      run.replace(/\\x([0-9a-f]{2})|%([0-9a-f]{2})|\\u([0-9a-f]{4})|&#(x?)([0-9a-f]{2,5});/giu, (_, a, b, c, x, d) =>
        String.fromCodePoint(Number.parseInt(a ?? b ?? c ?? d, d && !x ? 10 : 16) % 0x110000),
      ),
    ),
  )

/** Bytes that are text with words in it; undefined for keys, hashes and pictures. */
function words(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8')
  const printable = (text.match(/[\x20-\x7E\n\t]/gu) ?? []).length
  return printable >= text.length * 0.95 && (text.match(/[A-Za-z]{2,}\s/gu) ?? []).length >= 3 ? text : undefined
}
