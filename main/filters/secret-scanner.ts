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

  finds = (text: string): boolean => this.#next(text, 0) !== undefined

  /** @returns the same text when there was nothing to remove */
  redact(text: string): string {
    let out = ''
    let done = 0
    for (let hit = this.#next(text, 0); hit !== undefined; hit = this.#next(text, done)) {
      out += text.slice(done, hit.start) + redactedMark
      done = hit.end
    }
    return done === 0 ? text : out + text.slice(done)
  }

  #next(text: string, from: number): { readonly start: number; readonly end: number } | undefined {
    // each stretch begins with the last characters of the one before
    for (let at = from; at + shortestSecret <= text.length; at += stretch - shortestSecret + 1) {
      const length = this.#flat.take(text, at)
      for (
        let index = this.#begin(0, length);
        index < length;
        index = this.#begin(index - shortestSecret + 2, length)
      ) {
        const start = at + index - shortestSecret + 1
        const hash = hashAt(text, start)
        const found = this.#byHash.get(hash)?.find((spelling) => text.startsWith(spelling, start))
        if (found !== undefined) return { start, end: start + found.length }
      }
    }
    return undefined
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
