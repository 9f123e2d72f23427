import { createHmac } from 'node:crypto'

const probe = 4
const shortest = 8
const longest = 4_096
/** Per session. Nothing is forgotten for more of them: with so many, every text counts as one that holds a secret. */
export const mostPrints = 10_000

/** Of one spelling: 16 bits of its first four characters, its length, a keyed hash of all of it (base64). */
export type SecretPrint = readonly [begin: number, length: number, print: string]

/** Recognises secrets a session has read without keeping them: only prints of them, under a key from the keychain. */
export class SecretPrints {
  readonly #key: Buffer
  readonly #begins = new Uint8Array(0x1_0000)
  readonly #byHash = new Map<number, Map<number, Set<string>>>()
  #count = 0

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.#key = key
  }

  get empty(): boolean {
    return this.#count === 0
  }

  /** @returns the prints that are new */
  add(secret: string): readonly SecretPrint[] {
    return [...spellingsOf(secret)].flatMap((spelling) => {
      if (spelling.length < shortest || spelling.length > longest) return []
      const print: SecretPrint = [beginOf(spelling), spelling.length, this.#print(spelling)]
      return this.put(print) ? [print] : []
    })
  }

  /** @returns whether it is new */
  put([begin, length, print]: SecretPrint): boolean {
    if (this.#count >= mostPrints) return false
    const byLength = this.#byHash.get(begin) ?? new Map<number, Set<string>>()
    const prints = byLength.get(length) ?? new Set<string>()
    if (prints.has(print)) return false
    byLength.set(length, prints.add(print))
    this.#byHash.set(begin, byLength)
    this.#begins[begin] = 1
    this.#count += 1
    return true
  }

  finds(text: string): boolean {
    if (this.#count === 0 || this.#count >= mostPrints) return this.#count > 0
    let hash = 0
    for (let index = 0; index < text.length; index++) {
      hash = ((hash << 4) ^ text.charCodeAt(index)) & 0xffff
      if (this.#begins[hash] === 1 && index >= probe - 1 && this.#standsAt(text, index - probe + 1, hash)) return true
    }
    return false
  }

  #standsAt(text: string, start: number, hash: number): boolean {
    for (const [length, prints] of this.#byHash.get(hash) ?? [])
      if (start + length <= text.length && prints.has(this.#print(text.slice(start, start + length)))) return true
    return false
  }

  #print = (text: string): string => createHmac('sha256', this.#key).update(text).digest('base64')
}

function beginOf(spelling: string): number {
  let hash = 0
  for (let index = 0; index < probe; index++) hash = ((hash << 4) ^ spelling.charCodeAt(index)) & 0xffff
  return hash
}

/** As a model may write it on: itself, within JSON, for an address, hex, base64 by itself and inside a longer text. */
function spellingsOf(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret, 'utf8')
  const spellings = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    [...secret].reverse().join(''),
  ]
  for (const shift of [0, 1, 2]) {
    const encoded = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const inner = encoded.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6))
    spellings.push(inner, inner.replaceAll('+', '-').replaceAll('/', '_'))
  }
  return new Set(spellings)
}
