import { type ContentFilter, endOf, type Report } from './content-filter.ts'
import { instructions } from './instructions.ts'
import { Scanner } from './scanner.ts'
import { secretToken } from './secret-token.ts'

const shortest = 24
const longestDecoded = 48 * 1024
const probe = 64
const base64 = /^[A-Za-z0-9+/_-]+={0,2}$/
const command =
  /\b(?:curl|wget|Invoke-WebRequest|iwr|powershell|bash -[ci]|\/bin\/(?:ba)?sh|nc -|eval\(|exec\(|os\.system|child_process|rm -rf)|<script/i
const entities = /(?:&#(?:x[0-9a-f]{1,6}|\d{1,7});){8,2000}/iy
const escapesX = /(?:\\x[0-9a-f]{2}){8,4000}/iy
const escapesU = /(?:\\u[0-9a-f]{4}){8,2000}/iy
const percents = /(?:%[0-9a-f]{2}){8,4000}/iy
const hexes = /^(?:[0-9a-f]{2}){20,8000}$/i

/** Encoded text that, decoded, speaks to the model, holds a secret or runs something. Pictures and hashes decode to neither. */
export const encodedPayload = (): ContentFilter => {
  const inner = new Scanner([instructions, secretToken])
  const judge = (decoded: string | undefined, start: number, end: number, report: Report) => {
    if (decoded === undefined || decoded.length < 12) return
    const [found] = inner.scan(decoded)
    if (found) report(start, end, found.filter === 'instructions' ? 'decoded-instructions' : 'secret')
    else if (command.test(decoded.slice(0, 4_000))) report(start, end, 'command')
  }
  return {
    id: 'encoded-payload',
    group: 'encoded',
    severity: 'error',
    label: 'encoded-payload',
    actions: { permissive: { call: 'allow', reply: 'warn' }, strict: { call: 'warn', reply: 'redact' } },
    triggers: ['&#x', '&#1', '&#3', '&#4', '&#6', '&#7', '&#8', '&#9', '\\x', '\\u00', '%'].flatMap(filled),
    atTrigger(text, at, report) {
      for (const [pattern, decode] of decoders) {
        const end = endOf(pattern, text, at)
        if (end < 0) continue
        judge(decode(text.slice(at, end)), at, end, report)
        return end
      }
      return undefined
    },
    atToken(text, start, end, report) {
      if (end - start >= shortest) judge(decodedToken(text, start, end), start, end, report)
    },
  }
}

/** Every trigger with at least four characters. */
function filled(begin: string): readonly string[] {
  const fill = (text: string): readonly string[] => {
    if (text.length >= 4) return [text]
    if (text === '%')
      return [...'0123456789abcdef'].flatMap((high) => [...'0123456789abcdef'].map((low) => `%${high}${low}%`))
    return [...'0123456789abcdef'].flatMap((char) => fill(text + char))
  }
  return fill(begin)
}

const decoders: readonly (readonly [RegExp, (text: string) => string])[] = [
  [
    entities,
    (text) =>
      text.replace(/&#(x?)([0-9a-f]{1,7});/gi, (_, hex: string, code: string) =>
        char(Number.parseInt(code, hex === '' ? 10 : 16)),
      ),
  ],
  [escapesX, (text) => text.replace(/\\x([0-9a-f]{2})/gi, (_, code: string) => char(Number.parseInt(code, 16)))],
  [escapesU, (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => char(Number.parseInt(code, 16)))],
  [percents, (text) => text.replace(/%([0-9a-f]{2})/gi, (_, code: string) => char(Number.parseInt(code, 16)))],
]
const char = (code: number) => (code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : '')

/** @returns undefined when it is no text; decided on its beginning, so that a picture costs nothing */
function decodedToken(text: string, start: number, end: number): string | undefined {
  if (!mayBeText(text, start)) return undefined
  const beginning = text.slice(start, Math.min(end, start + probe))
  const encoding = hexes.test(beginning.slice(0, beginning.length & ~1))
    ? 'hex'
    : base64.test(beginning)
      ? 'base64'
      : undefined
  if (encoding === undefined || !isText(Buffer.from(beginning, encoding))) return undefined
  const decoded = Buffer.from(text.slice(start, Math.min(end, start + longestDecoded)), encoding)
  return isText(decoded) ? decoded.toString('utf8') : undefined
}

/**
 * Four groups of base64 begin as printable ASCII does (32 to 126 are the letters I to f), or it is hexadecimal of it (a
 * digit from 2 to 7 in every second place). Nine of ten hashes, ids and names are told apart here.
 */
function mayBeText(text: string, start: number): boolean {
  let letters = true
  let digits = true
  for (let index = start; index < start + 16; index += 4) {
    const code = text.charCodeAt(index)
    if (!((code >= 73 && code <= 90) || (code >= 97 && code <= 102))) letters = false
    if (code < 50 || code > 55) digits = false
  }
  return letters || digits
}

/** At least nine tenths of its bytes are printable ASCII, tab or line ends. */
function isText(bytes: Buffer): boolean {
  if (bytes.length < 12) return false
  let printable = 0
  for (const byte of bytes) if ((byte >= 32 && byte < 127) || byte === 9 || byte === 10 || byte === 13) printable++
  return printable * 10 >= bytes.length * 9
}
