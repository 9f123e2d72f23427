import { createHmac, randomBytes } from 'node:crypto'

const probe = 4
const shortest = 8
const longest = 4_096
/** Per session; past it nothing is forgotten, new ones are not kept. */
const mostPrints = 2_000

/**
 * Recognises secrets a session has read without keeping them: of each spelling only its length, 16 bits of its first
 * four characters and a keyed hash, under a key that lives as long as the app.
 */
export class SecretPrints {
  readonly #key: Buffer
  readonly #begins = new Uint8Array(0x1_0000)
  readonly #byHash = new Map<number, Map<number, Set<string>>>()
  #count = 0

  constructor(key: Buffer = randomBytes(32)) {
    this.#key = key
  }

  get empty(): boolean {
    return this.#count === 0
  }

  add(secret: string): void {
    for (const spelling of spellingsOf(secret)) this.#addSpelling(spelling)
  }

  finds(text: string): boolean {
    if (this.#count === 0) return false
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

  #addSpelling(spelling: string): void {
    if (spelling.length < shortest || spelling.length > longest || this.#count >= mostPrints) return
    let hash = 0
    for (let index = 0; index < probe; index++) hash = ((hash << 4) ^ spelling.charCodeAt(index)) & 0xffff
    const byLength = this.#byHash.get(hash) ?? new Map<number, Set<string>>()
    const prints = byLength.get(spelling.length) ?? new Set<string>()
    const before = prints.size
    prints.add(this.#print(spelling))
    byLength.set(spelling.length, prints)
    this.#byHash.set(hash, byLength)
    this.#begins[hash] = 1
    this.#count += prints.size - before
  }

  #print = (text: string): string => createHmac('sha256', this.#key).update(text).digest('base64')
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
