import { FlatText, stretch } from './flat-text.ts'

/** Shorter values stand in ordinary text by chance, so they are not looked for. */
export const shortestSecret = 4
const shortestEncoded = 7
export const redactedMark = '[secret removed by Gatehouse]'

/** Finds any of many texts in one pass: a rolling hash of four characters, then an exact comparison. */
export class SecretScanner {
  readonly #flat = new FlatText()
  readonly #begins = new Uint8Array(0x1_0000)
  readonly #byHash = new Map<number, string[]>()

  constructor(spellings: Iterable<string>) {
    for (const spelling of new Set(spellings)) {
      const hash = hashAt(spelling, 0)
      this.#begins[hash] = 1
      const bucket = this.#byHash.get(hash) ?? []
      bucket.push(spelling)
      bucket.sort((a, b) => b.length - a.length)
      this.#byHash.set(hash, bucket)
    }
  }

  finds = (text: string): boolean => this.#hits(text).next().done !== true

  /** @returns the same text when there was nothing to remove */
  redact(text: string): string {
    let out = ''
    let done = 0
    for (const { start, end } of this.#hits(text)) {
      out += text.slice(done, start) + redactedMark
      done = end
    }
    return done === 0 ? text : out + text.slice(done)
  }

  /** From the first to the last, none within another; each stretch is taken once, however many stand in it. */
  *#hits(text: string): Generator<{ readonly start: number; readonly end: number }> {
    let from = 0
    // each stretch begins with the last characters of the one before
    for (let at = 0; at + shortestSecret <= text.length; at = Math.max(at + stretch - shortestSecret + 1, from)) {
      const length = this.#flat.take(text, at)
      let index = this.#begin(Math.max(0, from - at), length)
      while (index < length) {
        const start = at + index - shortestSecret + 1
        const found = this.#byHash.get(hashAt(text, start))?.find((spelling) => text.startsWith(spelling, start))
        if (found !== undefined) {
          from = start + found.length
          yield { start, end: from }
        }
        index = this.#begin(found === undefined ? start - at + 1 : from - at, length)
      }
    }
  }

  /** Without calls, so that the engine keeps all of it in registers. @returns where the next four that may begin one end */
  #begin(start: number, length: number): number {
    const begins = this.#begins
    const units = this.#flat.units
    let hash = 0
    let index = start
    for (const primed = start + shortestSecret - 1; index < length; index++) {
      hash = ((hash << 4) ^ (units[index] as number)) & 0xffff
      if (begins[hash] === 1 && index >= primed) break
    }
    return index
  }
}

function hashAt(text: string, start: number): number {
  let hash = 0
  for (let index = start; index < start + shortestSecret; index++)
    hash = ((hash << 4) ^ text.charCodeAt(index)) & 0xffff
  return hash
}

/** A value as it may be written: itself, JSON-escaped, URL-encoded, hex, and inside base64 at each of three alignments. */
export function spellings(value: string): readonly string[] {
  if (value.length < shortestSecret) return []
  const bytes = Buffer.from(value, 'utf8')
  const hex = bytes.toString('hex')
  const percent = hex.replace(/../g, '%$&')
  const url = encodeURIComponent(value)
  return [
    value,
    JSON.stringify(value).slice(1, -1),
    url,
    url.replaceAll('%20', '+'),
    url.replace(/%../g, (code) => code.toLowerCase()),
    percent,
    percent.toUpperCase(),
    hex,
    hex.toUpperCase(),
    ...[0, 1, 2].flatMap((shift) => insideBase64(bytes, shift)),
  ]
}

/** The characters of base64 that depend on nothing but these bytes, when `shift` bytes come before them. */
function insideBase64(bytes: Buffer, shift: number): readonly string[] {
  const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
    .toString('base64')
    .replace(/=+$/, '')
  const first = Math.ceil((shift * 8) / 6)
  const last = Math.floor(((shift + bytes.length) * 8) / 6)
  const standard = encoded.slice(first, last)
  if (standard.length < shortestEncoded) return []
  return [standard, standard.replaceAll('+', '-').replaceAll('/', '_')]
}

/** The same for bytes read as Latin-1. */
export const bytewise = (spelling: string): string => Buffer.from(spelling, 'utf8').toString('latin1')
