import { hash as hashOf } from 'node:crypto'
import type { BoxCipher, FieldCipher } from '../store/data-keys.ts'
import type { RandomBytes } from '../store/random-pool.ts'
import { Scratch } from '../store/scratch.ts'

/*
 * What an entry keeps encrypted: the arguments and the result of a call, in one box. The chain covers the box by its sum,
 * so a box can be destroyed (erasure) without breaking the chain, and not be changed unseen. The sum tells nothing of what
 * lies in the box: the box's random nonce is its salt, and goes with it. Of a text that was cut a salted commitment covers
 * the rest.
 *
 * Entries from before December 2026 have a box for each text, and a commitment beside each sum.
 */

export const contentFields = ['arguments', 'result'] as const
export type ContentField = (typeof contentFields)[number]

/** JSON texts. */
export interface PlainContents extends Partial<Record<ContentField, string>> {
  /** Of each no more than this is kept, where that is less than usual. */
  readonly keptBytes?: number
}

/** A text in the box: UTF-8 bytes. */
export interface Part {
  /** Of a text that was cut: SHA-256 over the 16 bytes of salt that stand before it in the box, and all of the text. */
  readonly commit?: string
  /** Of a text that was cut: how much of it is in the box. */
  readonly kept?: number
  readonly size: number
}
/** Stands for the box in what is hashed. `sum`: SHA-256 of the box's text. */
export interface Contents extends Partial<Readonly<Record<ContentField, Part>>> {
  readonly sum: string
}
/** The same of an entry with a box for each text. */
export interface Commitment {
  /** SHA-256 over 16 bytes of salt, which lie in the box before the text, and all of the text. */
  readonly commit: string
  readonly sum: string
  readonly size: number
  readonly truncated?: true
}
export interface Committed extends Partial<Readonly<Record<ContentField, Commitment>>> {
  readonly contents?: Contents
}

export const boxNames = [...contentFields, 'contents'] as const
export type BoxName = (typeof boxNames)[number]
/** Boxes as their ASCII text. */
export type Boxes = Partial<Record<BoxName, Buffer>>

/** `box`: ASCII text, good until the next is made. */
export interface SealedContents {
  readonly contents?: Contents
  readonly box?: Buffer
}

export interface Opened {
  /** JSON text; its beginning, when it was cut. */
  readonly text: string
  readonly sizeBytes: number
  readonly isWhole: boolean
}

/** Longer texts are kept up to here. */
const keptBytes: Readonly<Record<ContentField, number>> = { arguments: 256 * 1024, result: 64 * 1024 }
const saltBytes = 16
/** Texts up to so many bytes are not counted before they are written. */
const uncountedBytes = 1024 * 1024

/** Makes boxes and what the chain covers of them. */
export class Sealer {
  readonly #scratch = new Scratch()

  constructor(
    private readonly cipher: BoxCipher,
    private readonly random: RandomBytes,
  ) {}

  seal(plain: PlainContents): SealedContents {
    const { arguments: args, result } = plain
    if (args === undefined && result === undefined) return {}
    const room = this.#roomFor(args ?? '', result ?? '')
    let end = 0
    const add = (field: ContentField, text: string): Part => {
      const size = room.write(text, end)
      const most = Math.min(plain.keptBytes ?? keptBytes[field], keptBytes[field])
      const part: Part = size > most ? this.#cut(room, end, size, most) : { size }
      end += part.kept === undefined ? size : saltBytes + part.kept
      return part
    }
    const parts: Partial<Record<ContentField, Part>> = {} // in the order of RFC 8785
    if (args !== undefined) parts.arguments = add('arguments', args)
    if (result !== undefined) parts.result = add('result', result)
    const box = this.cipher.sealBytes(room.subarray(0, end), purposeOf('contents'))
    return { contents: { ...parts, sum: sha256(box) }, box }
  }

  #roomFor(args: string, result: string): Buffer {
    const atMost = (args.length + result.length) * 3
    const texts = atMost <= uncountedBytes ? atMost : Buffer.byteLength(args) + Buffer.byteLength(result)
    return this.#scratch.room(2 * saltBytes + texts)
  }

  /** Puts salt before a text, and leaves only its beginning to be kept. */
  #cut(room: Buffer, start: number, size: number, kept: number): Part & { readonly kept: number } {
    room.copyWithin(start + saltBytes, start, start + size)
    room.set(this.random(saltBytes), start)
    return { commit: sha256(room.subarray(start, start + saltBytes + size)), kept, size }
  }
}

/** @throws Error when a box was changed, or does not hold what was committed to */
export function openContents(
  entry: Committed,
  boxes: Boxes,
  cipher: FieldCipher,
): Partial<Record<ContentField, Opened>> {
  const opened: Partial<Record<ContentField, Opened>> = {}
  const plain = boxes.contents && openBox('contents', boxes.contents, cipher)
  let start = 0
  for (const field of contentFields) {
    const part = entry.contents?.[field]
    if (plain && part) {
      const from = start + (part.kept === undefined ? 0 : saltBytes)
      start = from + (part.kept ?? part.size)
      const text = plain.toString('utf8', from, start)
      opened[field] = { text, sizeBytes: part.size, isWhole: part.kept === undefined }
    }
    const [box, committed] = [boxes[field], entry[field]]
    if (box && committed) opened[field] = openCommitted(committed, openBox(field, box, cipher))
  }
  return opened
}

function openCommitted({ commit, size, truncated }: Commitment, salted: Buffer): Opened {
  if (!truncated && sha256(salted) !== commit) throw new Error('the contents are not what the entry committed to')
  return { text: salted.toString('utf8', saltBytes), sizeBytes: size, isWhole: !truncated }
}

const openBox = (name: BoxName, box: Buffer, cipher: FieldCipher): Buffer =>
  cipher.open(box.toString('latin1'), purposeOf(name))

/** Which entry a box belongs to is said by the sum in that entry. */
const purposeOf = (name: BoxName) => `audit:${name}`
export const sha256 = (data: string | Buffer) => hashOf('sha256', data)
