import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { keysUnavailable } from '../../shared/errors.ts'
import { writeAtomically } from './atomic-file.ts'
import { type RandomBytes, randomPool } from './random-pool.ts'
import { Scratch } from './scratch.ts'

const algorithm = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
/** Large boxes are made so much at a time, which needs no fresh memory; a multiple of three for base64. */
const portionBytes = 24 * 1024
const rotateAfterMs = 30 * 24 * 3600 * 1000
/** Milliseconds after which whatever was sealed with the key before is written down. */
const settledMs = 3600 * 1000
/** Random 96-bit nonces: at most 2^32 a key. @see NIST SP 800-38D, 8.3 */
const rotateAfterUses = 2 ** 31

interface KeptKey {
  readonly id: string
  readonly madeAt: number
  /** The data key under the wrapping key: nonce, ciphertext, tag; base64. */
  readonly wrapped: string
}
interface OpenKey {
  readonly id: string
  readonly madeAt: number
  readonly key: Buffer
}

/** Seals fields at rest. What a box is for (`audit:17:arguments`) is authenticated, so boxes cannot be swapped. */
export interface FieldCipher {
  /** @returns `KEYID.base64(nonce ciphertext tag)` */
  seal(plain: Uint8Array, purpose: string): string
  /** @throws Error when the key is gone, the box was changed, or it was made for something else */
  open(box: string, purpose: string): Buffer
}

/** For boxes that are written at once. */
export interface BoxCipher extends FieldCipher {
  /** @returns what `seal` returns, as ASCII; good until the next box */
  sealBytes(plain: Uint8Array, purpose: string): Buffer
}

/**
 * AES-256-GCM data keys, wrapped by a key from the keychain and kept in one file beside the database, so that a
 * damaged database takes no key with it. A new one every 30 days; old ones stay for reading.
 */
export class DataKeys implements BoxCipher {
  readonly #file: string
  readonly #wrappingKey: Buffer
  readonly #now: () => number
  readonly #keys = new Map<string, OpenKey>()
  #current: OpenKey
  #uses = 0
  readonly #random = randomPool()
  readonly #box = new Scratch()
  readonly #text = new Scratch()
  #rotating: Promise<void> | undefined

  private constructor(file: string, wrappingKey: Buffer, now: () => number, keys: readonly OpenKey[]) {
    const newest = keys.at(-1)
    if (!newest) throw new Error('no data key')
    this.#file = file
    this.#wrappingKey = wrappingKey
    this.#now = now
    this.#current = newest
    for (const key of keys) this.#keys.set(key.id, key)
  }

  /**
   * @param wrappingKey 32 bytes from the keychain
   * @throws keys.unavailable when the file was changed or made under another wrapping key
   */
  static async open(file: string, wrappingKey: Buffer, now: () => number = Date.now): Promise<DataKeys> {
    const keys = existsSync(file) ? keptKeys(file, wrappingKey) : []
    const isNew = keys.length === 0
    const data = new DataKeys(file, wrappingKey, now, isNew ? [freshKey(now())] : keys)
    if (isNew) await data.#save()
    else if (data.#due()) await data.rotate()
    return data
  }

  seal = (plain: Uint8Array, purpose: string): string => this.sealBytes(plain, purpose).toString('latin1')

  sealBytes(plain: Uint8Array, purpose: string): Buffer {
    if (++this.#uses >= rotateAfterUses || this.#due()) this.#rotateSoon()
    const { id, key } = this.#current
    const size = ivBytes + plain.length + tagBytes
    const box = encrypt(key, plain, purpose, this.#random, this.#box.room(size).subarray(0, size))
    const text = this.#text.room(id.length + 1 + 4 * Math.ceil(size / 3))
    let end = text.write(`${id}.`, 'latin1')
    for (let from = 0; from < size; from += portionBytes)
      end += text.write(box.toString('base64', from, Math.min(from + portionBytes, size)), end, 'latin1')
    return text.subarray(0, end)
  }

  open(box: string, purpose: string): Buffer {
    const dot = box.indexOf('.')
    const key = this.#keys.get(box.slice(0, dot))
    if (!key) throw new Error('the key of these contents is gone')
    return decrypt(key.key, Buffer.from(box.slice(dot + 1), 'base64'), purpose)
  }

  /** From now on a new key seals. It is on disk before it is used. */
  async rotate(): Promise<void> {
    const next = freshKey(this.#now())
    this.#keys.set(next.id, next)
    await this.#save()
    this.#current = next
    this.#uses = 0
  }

  /** How many keys there are, and when the one that seals now was made. */
  facts = (): { readonly count: number; readonly newestAt: number } => ({
    count: this.#keys.size,
    newestAt: this.#current.madeAt,
  })

  /** Ids of keys that seal nothing new, and have not for a while. */
  old(): readonly string[] {
    const sealing = this.#current.madeAt
    return [...this.#keys.values()]
      .filter(({ id, madeAt }) => id !== this.#current.id && madeAt < sealing && this.#now() - sealing > settledMs)
      .map(({ id }) => id)
  }

  /** For good: what they sealed opens no more. The current one is never among them. */
  async destroy(ids: readonly string[]): Promise<void> {
    await this.#rotating // it writes the keys down too
    for (const id of ids) {
      const key = id === this.#current.id ? undefined : this.#keys.get(id)
      if (key === undefined) continue
      this.#keys.delete(id)
      key.key.fill(0)
    }
    await this.#save()
  }

  #due(): boolean {
    return this.#now() - this.#current.madeAt >= rotateAfterMs
  }

  /** The old key goes on sealing until the new one is on disk; a failed attempt is repeated by a later seal. */
  #rotateSoon(): void {
    this.#rotating ??= this.rotate()
      .catch(() => {})
      .finally(() => {
        this.#rotating = undefined
      })
  }

  async #save(): Promise<void> {
    const keys = [...this.#keys.values()].map((key) => wrapped(key, this.#wrappingKey))
    await writeAtomically(this.#file, `${JSON.stringify({ version: 1, keys }, null, 1)}\n`)
  }
}

function keptKeys(file: string, wrappingKey: Buffer): OpenKey[] {
  try {
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { keys: KeptKey[] }
    return keys.map((key) => unwrapped(key, wrappingKey))
  } catch {
    throw keysUnavailable(
      `${file} is damaged, or its keys were made with another keychain`,
      'Restore it from a backup, or open the keychain this data folder was made with.',
    )
  }
}

const purposeOf = (id: string, madeAt: number) => `gatehouse data key ${id} ${madeAt}`

function freshKey(madeAt: number): OpenKey {
  return { id: randomBytes(4).toString('hex'), madeAt, key: randomBytes(32) }
}

function wrapped(key: OpenKey, by: Buffer): KeptKey {
  const box = encrypt(by, key.key, purposeOf(key.id, key.madeAt))
  return { id: key.id, madeAt: key.madeAt, wrapped: box.toString('base64') }
}

function unwrapped(kept: KeptKey, by: Buffer): OpenKey {
  const key = decrypt(by, Buffer.from(kept.wrapped, 'base64'), purposeOf(kept.id, kept.madeAt))
  return { id: kept.id, madeAt: kept.madeAt, key }
}

/**
 * @param box where to, exactly as long as needed
 * @returns nonce, ciphertext, tag
 */
export function encrypt(
  key: Buffer,
  plain: Uint8Array,
  purpose: string,
  random: RandomBytes = randomBytes,
  box: Buffer = Buffer.allocUnsafe(ivBytes + plain.length + tagBytes),
): Buffer {
  const iv = random(ivBytes)
  const cipher = createCipheriv(algorithm, key, iv, { authTagLength: tagBytes }).setAAD(Buffer.from(purpose))
  box.set(iv)
  for (let from = 0; from < plain.length; from += portionBytes)
    box.set(cipher.update(plain.subarray(from, from + portionBytes)), ivBytes + from)
  cipher.final() // GCM leaves nothing for the end
  box.set(cipher.getAuthTag(), ivBytes + plain.length)
  return box
}

/** @throws Error when key, purpose or box do not belong together */
export function decrypt(key: Buffer, box: Buffer, purpose: string): Buffer {
  const end = box.length - tagBytes
  if (end < ivBytes) throw new Error('too short to be a box')
  const cipher = createDecipheriv(algorithm, key, box.subarray(0, ivBytes), { authTagLength: tagBytes })
  cipher.setAAD(Buffer.from(purpose)).setAuthTag(box.subarray(end))
  return Buffer.concat([cipher.update(box.subarray(ivBytes, end)), cipher.final()])
}
