import { hash as hashOf } from 'node:crypto'
import type { FieldCipher } from '../store/data-keys.ts'
import type { RandomBytes } from '../store/random-pool.ts'
import type { Ranges } from './erased.ts'

/*
 * One line of the journal: the entry's canonical text (RFC 8785) with two members added at its end,
 *   …,"hash":"HEX","boxes":{"arguments":"BOX","result":"BOX"}}
 * `hash` is SHA-256 over the canonical text alone. It covers each box by the box's own sum, so a box can be destroyed
 * (erasure) without breaking the chain, and not be changed unseen. The sum tells nothing of the value: the box's random
 * nonce is its salt, and goes with it. Of a value whose box holds only the beginning, a salted commitment covers the rest.
 */

export type Severity = 'info' | 'notice' | 'warning' | 'critical'
export const contentFields = ['arguments', 'result'] as const
export type ContentField = (typeof contentFields)[number]

/** Stands for a sensitive value in what is hashed. */
export interface Commitment {
  /**
   * SHA-256 over 16 bytes of salt and all of the value's JSON text; the salt lies at the beginning of the box. Only with
   * what was truncated, and in entries from before November 2026.
   */
  readonly commit?: string
  /** SHA-256 of the box's text. */
  readonly sum: string
  /** UTF-8 bytes of the JSON text. */
  readonly size: number
  /** The box holds only the beginning. */
  readonly truncated?: true
}

/** What is readable without keys: names, decisions and one plain sentence; never a value. */
export interface EntryFields {
  readonly action: string
  /** By the action; entries of the first version lack it. */
  readonly category?: string
  readonly severity: Severity
  readonly summary: string
  readonly decision?: string
  readonly client?: string
  readonly clientId?: string
  readonly session?: string
  readonly workspace?: string
  readonly door?: string
  readonly server?: string
  readonly tool?: string
  readonly pin?: string
  readonly rule?: string
  /** Of a call that asks. */
  readonly risk?: string
  readonly approval?: string
  readonly labels?: readonly string[]
  readonly callId?: string
  /** The number of the entry written before the effect; the arguments are there. */
  readonly intent?: number
  readonly durationMs?: number
  readonly code?: string
  /** Of the log line with the details of something unexpected. */
  readonly reference?: string
  /** Of a fault found when the journal was opened: the first entry it concerns. */
  readonly faultAt?: number
  /** Entries whose contents were erased from here on, as pairs of first and last. */
  readonly erased?: Ranges
}

export interface Entry extends EntryFields {
  readonly version: 1
  readonly seq: number
  /** Milliseconds since 1970, UTC. */
  readonly time: number
  /** Hash of the entry before; 64 zeros before the first. */
  readonly prev: string
  readonly arguments?: Commitment
  readonly result?: Commitment
}
/** Boxes as their ASCII text. */
export type Boxes = Partial<Record<ContentField, Buffer>>

export const noHash = '0'.repeat(64)
/** Longer contents are kept up to here; the commitment covers all of it. */
const keptBytes: Readonly<Record<ContentField, number>> = { arguments: 256 * 1024, result: 64 * 1024 }
const saltBytes = 16
const hashMark = ',"hash":"'
const boxesMark = ',"boxes":{'

/** JSON texts. */
export interface PlainContents extends Partial<Record<ContentField, string>> {
  /** Of each no more than this is kept, where that is less than usual. */
  readonly keptBytes?: number
}

export interface SealedContents {
  readonly commitments: Partial<Record<ContentField, Commitment>>
  /** ASCII texts. */
  readonly boxes: Partial<Record<ContentField, string>>
}

/** Contents of usual size are written into one buffer that is used again: they would be much of the app's garbage. */
const scratchBytes = 64 * 1024

/** Makes boxes and what the chain covers of them. */
export class Sealer {
  readonly #scratch = Buffer.allocUnsafe(scratchBytes)

  constructor(
    private readonly cipher: FieldCipher,
    private readonly random: RandomBytes,
  ) {}

  seal(contents: PlainContents): SealedContents {
    const commitments: Partial<Record<ContentField, Commitment>> = {}
    const boxes: Partial<Record<ContentField, string>> = {}
    for (const field of contentFields) {
      const text = contents[field]
      if (text === undefined) continue
      const mostBytes = Math.min(contents.keptBytes ?? keptBytes[field], keptBytes[field])
      const { box, ...rest } = this.#sealed(text, purposeOf(field), mostBytes)
      boxes[field] = box
      commitments[field] = { ...rest, sum: sha256(box) }
    }
    return { commitments, boxes }
  }

  #sealed(text: string, purpose: string, mostBytes: number): Omit<Commitment, 'sum'> & { readonly box: string } {
    const bytes = this.#bytes(text)
    if (bytes.length <= mostBytes) return { size: bytes.length, box: this.cipher.seal(bytes, purpose) }
    const salted = Buffer.concat([this.random(saltBytes), bytes])
    const box = this.cipher.seal(salted.subarray(0, saltBytes + mostBytes), purpose)
    return { size: bytes.length, commit: sha256(salted), truncated: true, box }
  }

  #bytes(text: string): Buffer {
    if (text.length * 3 > scratchBytes) return Buffer.from(text)
    return this.#scratch.subarray(0, this.#scratch.write(text, 0))
  }
}

/**
 * @returns the JSON text (its beginning, when it was truncated)
 * @throws Error when the box was changed, or does not hold what was committed to
 */
export function openContents(entry: Entry, field: ContentField, box: Buffer, cipher: FieldCipher): string {
  const { commit, truncated } = entry[field] ?? {}
  const plain = cipher.open(box.toString('latin1'), purposeOf(field))
  const same = commit === undefined || truncated || sha256(plain) === commit
  if (!same) throw new Error('the contents are not what the entry committed to')
  return plain.subarray(commit === undefined ? 0 : saltBytes).toString()
}

export interface Line {
  /** Its text, and what follows it: only ASCII, and most of a line. */
  readonly text: string
  readonly boxes: readonly string[]
  readonly hash: string
}

export function lineOf(entry: Entry, boxes: SealedContents['boxes']): Line {
  const body = canonicalText(entry)
  const hash = sha256(body)
  const kept: string[] = []
  for (const field of contentFields) {
    const box = boxes[field]
    if (box) kept.push(kept.length === 0 ? `${boxesMark}"${field}":"` : `","${field}":"`, box)
  }
  kept.push(kept.length > 0 ? '"}}\n' : '}\n')
  return { text: `${body.slice(0, -1)}${hashMark}${hash}"`, boxes: kept, hash }
}

/** Every member an entry can have, in the order of RFC 8785. */
const members = [
  ...['action', 'approval', 'arguments', 'callId', 'category', 'client', 'clientId', 'code', 'decision', 'door'],
  ...['durationMs', 'erased', 'faultAt', 'intent', 'labels', 'pin', 'prev', 'reference', 'result', 'risk', 'rule'],
  ...['seq', 'server', 'session', 'severity', 'summary', 'time', 'tool', 'version', 'workspace'],
] as const satisfies readonly (keyof Entry)[]

/** RFC 8785 text of an entry: the members are known, so they need not be sorted for each one. */
export function canonicalText(entry: Entry): string {
  let text = ''
  for (const member of members) {
    const value = entry[member as keyof Entry]
    if (value !== undefined) text += `${text === '' ? '{' : ','}"${member}":${JSON.stringify(value)}`
  }
  return `${text}}`
}

export interface ReadLine {
  readonly entry: Entry
  readonly hash: string
  readonly boxes: Boxes
  /** Those whose box was overwritten: right only when a later entry says so. */
  readonly erased: readonly ContentField[]
}

/** Takes a box's place, byte for byte, when it is erased. No box begins with it. */
export const erasedMark = '#'

/**
 * Reads a line back, byte for byte as it was written.
 *
 * @param line without its line end
 * @returns the problem, in words that follow “entry N …”, when it was changed
 */
export function readLine(line: Buffer): ReadLine | { readonly problem: string } {
  const cut = line.indexOf(hashMark)
  const rest = cut < 0 ? undefined : readTail(line, cut)
  if (!rest) return { problem: 'cannot be read: its line was changed' }
  const body = Buffer.concat([line.subarray(0, cut), closing])
  if (sha256(body) !== rest.hash) return { problem: 'was changed: its hash does not fit' }
  const entry = parsed(body)
  if (!entry) return { problem: 'cannot be read: it is not an entry' }
  const erased: ContentField[] = []
  const boxes: Boxes = {}
  for (const field of contentFields) {
    const box = rest.boxes[field]
    if (box && entry[field] && box.toString('latin1', 0, 1) === erasedMark) erased.push(field)
    else if ((box && sha256(box)) !== entry[field]?.sum)
      return { problem: `was changed: its encrypted ${field} are not those that were written` }
    else if (box) boxes[field] = box
  }
  return { entry, hash: rest.hash, boxes, erased }
}

/** The hash and the boxes at a line's end; undefined when it has any other form than the one that is written. */
function readTail(line: Buffer, cut: number): { hash: string; boxes: Boxes } | undefined {
  let at = cut
  const follows = (text: string) => {
    const is = line.toString('latin1', at, at + text.length) === text
    if (is) at += text.length
    return is
  }
  const upToQuote = () => {
    const end = line.indexOf('"', at)
    const found = end < 0 ? undefined : line.subarray(at, end)
    if (found) at = end + 1
    return found
  }
  const hash = follows(hashMark) ? upToQuote()?.toString('latin1') : undefined
  if (hash === undefined) return undefined
  const boxes: Boxes = {}
  const box = (field: ContentField) => {
    const found = follows(`"${field}":"`) ? upToQuote() : undefined
    if (found) boxes[field] = found
    return found !== undefined
  }
  const boxed = follows(boxesMark)
  const sound = !boxed || (box('arguments') ? !follows(',') || box('result') : box('result'))
  const ended = sound && follows(boxed ? '}}' : '}') && at === line.length
  return ended ? { hash, boxes } : undefined
}

/** A fitting hash is no proof of a sound entry: whoever rewrites a line can hash it as well. */
function parsed(body: Buffer): Entry | undefined {
  try {
    const found = JSON.parse(body.toString()) as Partial<Entry>
    const sound = Number.isSafeInteger(found.seq) && typeof found.prev === 'string' && typeof found.action === 'string'
    return sound ? (found as Entry) : undefined
  } catch {
    return undefined
  }
}

const closing = Buffer.from('}')
/** Which entry a box belongs to is said by the sum and the commitment in that entry. */
const purposeOf = (field: ContentField) => `audit:${field}`
const sha256 = (data: string | Buffer) => hashOf('sha256', data)
