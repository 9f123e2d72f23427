import {
  closeSync,
  existsSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { auditUnwritable } from '../../shared/errors.ts'
import type { FieldCipher } from '../store/data-keys.ts'
import { randomPool } from '../store/random-pool.ts'
import {
  type ContentField,
  type Entry,
  type EntryFields,
  type Line,
  lineOf,
  noHash,
  type ReadLine,
  readLine,
  type SealedContents,
  sealContents,
} from './entry.ts'

/** Where a line lies: bytes from the start of a segment, its line end not counted. */
export interface Place {
  readonly segment: number
  readonly position: number
  readonly size: number
}
export interface Written extends Place {
  readonly entry: Entry
  readonly hash: string
}

/** What had to be done to go on after a crash, or after someone's hand. */
export interface Recovery {
  /** Bytes of a last line that never got whole: its call was never answered. */
  readonly tornBytes: number
  /** The last line was whole and could not be read. */
  readonly damaged: boolean
}

export const segmentBytes = 64 * 1024 * 1024

/**
 * The append-only files. An entry is one write of one line; if the write fails nothing is left of it and the chain
 * stands as before. Segments (`000001.jsonl` …) continue one chain.
 */
export class Journal {
  readonly recovery: Recovery
  readonly #folder: string
  readonly #cipher: FieldCipher
  readonly #now: () => number
  readonly #largestSegment: number
  readonly #random = randomPool()
  #scratch = Buffer.allocUnsafe(64 * 1024)
  #fd: number
  #segment: number
  #size: number
  #seq: number
  #hash: string
  /** Why nothing can be written: a failed write could not be taken back. */
  #broken: string | undefined

  /** @throws audit.unwritable */
  constructor(folder: string, cipher: FieldCipher, now: () => number, largestSegment = segmentBytes) {
    this.#folder = folder
    this.#cipher = cipher
    this.#now = now
    this.#largestSegment = largestSegment
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 })
      this.#segment = segmentsIn(folder).at(-1) ?? 1
      this.#fd = openSegment(folder, this.#segment)
      const tornBytes = dropTornLine(this.#fd)
      this.#size = fstatSync(this.#fd).size
      const end = lastReadable(folder)
      this.#seq = end?.line.entry.seq ?? 0
      this.#hash = end?.line.hash ?? noHash
      this.recovery = { tornBytes, damaged: end?.skipped ?? false }
    } catch (error) {
      throw auditUnwritable((error as Error).message, error)
    }
  }

  get seq(): number {
    return this.#seq
  }
  get hash(): string {
    return this.#hash
  }

  /** @throws audit.unwritable */
  assertWritable(): void {
    if (this.#broken !== undefined) throw auditUnwritable(this.#broken)
  }

  /**
   * Seals and writes one entry; when it returns, a killed process cannot lose it.
   *
   * @param contents JSON texts, encrypted
   * @param ahead contents that were sealed before
   * @throws audit.unwritable
   */
  append(fields: EntryFields, contents: Partial<Record<ContentField, string>>, ahead?: SealedContents): Written {
    this.assertWritable()
    const seq = this.#seq + 1
    const sealed = this.seal(contents)
    const commitments = { ...ahead?.commitments, ...sealed.commitments }
    const boxes = { ...ahead?.boxes, ...sealed.boxes }
    const entry: Entry = { ...fields, ...commitments, version: 1, seq, time: this.#now(), prev: this.#hash }
    const line = lineOf(entry, boxes)
    const bytes = this.#encoded(line)
    if (this.#size > 0 && this.#size + bytes.length > this.#largestSegment) this.#nextSegment()
    this.#write(bytes)
    const place = { segment: this.#segment, position: this.#size, size: bytes.length - 1 }
    this.#size += bytes.length
    this.#seq = seq
    this.#hash = line.hash
    return { entry, hash: line.hash, ...place }
  }

  /** Seals contents for an entry yet to be written. */
  seal = (contents: Partial<Record<ContentField, string>>): SealedContents =>
    sealContents(contents, this.#cipher, this.#random)

  /** Waits until everything written so far is on the disk itself. */
  sync(): Promise<void> {
    return new Promise((resolve, reject) => fdatasync(this.#fd, (error) => (error ? reject(error) : resolve())))
  }

  /** @throws Error when there is no such line, or it was changed */
  read(place: Place): ReadLine {
    const fd = openSync(segmentFile(this.#folder, place.segment), 'r')
    try {
      const line = Buffer.alloc(place.size)
      readSync(fd, line, 0, place.size, place.position)
      const found = readLine(line)
      if ('problem' in found) throw new Error(`the entry ${found.problem}`)
      return found
    } finally {
      closeSync(fd)
    }
  }

  /** The hash an entry has now; undefined when there is none of this number. Looks from the end. */
  hashAt(seq: number): string | undefined {
    if (seq === this.#seq) return this.#hash
    const mark = `"seq":${seq},`
    for (const segment of segmentsIn(this.#folder).reverse()) {
      const bytes = readFileSync(segmentFile(this.#folder, segment))
      const at = bytes.lastIndexOf(mark)
      if (at < 0) continue
      const line = readLine(bytes.subarray(bytes.lastIndexOf('\n', at) + 1, bytes.indexOf('\n', at)))
      return 'problem' in line ? undefined : line.hash
    }
    return undefined
  }

  close(): void {
    this.#broken ??= 'Gatehouse is stopping'
    closeSync(this.#fd)
  }

  /** The line's bytes, in a buffer that the next line uses again: lines would be most of the app's garbage. */
  #encoded({ text, boxes }: Line): Buffer {
    const atMost = boxes.reduce((sum, { length }) => sum + length, text.length * 3)
    if (this.#scratch.length < atMost) this.#scratch = Buffer.allocUnsafe(atMost)
    let end = this.#scratch.write(text)
    for (const ascii of boxes) end += this.#scratch.write(ascii, end, 'latin1')
    return this.#scratch.subarray(0, end)
  }

  #write(bytes: Buffer): void {
    try {
      const written = writeSync(this.#fd, bytes)
      if (written !== bytes.length) throw new Error('no space left on the disk')
    } catch (error) {
      this.#takeBack()
      throw auditUnwritable((error as Error).message, error)
    }
  }

  /** Half a line must not stay: the next one would be glued to it. */
  #takeBack(): void {
    try {
      ftruncateSync(this.#fd, this.#size)
    } catch (error) {
      this.#broken = `a failed write could not be taken back: ${(error as Error).message}`
    }
  }

  #nextSegment(): void {
    const old = this.#fd
    try {
      this.#fd = openSegment(this.#folder, this.#segment + 1)
    } catch (error) {
      throw auditUnwritable((error as Error).message, error)
    }
    fdatasync(old, () => closeSync(old))
    this.#segment += 1
    this.#size = 0
  }
}

export const segmentFile = (folder: string, segment: number) =>
  join(folder, `${String(segment).padStart(6, '0')}.jsonl`)

/** Numbers of the segments there are, in order. */
export function segmentsIn(folder: string): number[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => /^\d{6}\.jsonl$/.test(name))
  return names.map((name) => Number(name.slice(0, 6))).sort((a, b) => a - b)
}

function openSegment(folder: string, segment: number): number {
  return openSync(segmentFile(folder, segment), 'a+', 0o600)
}

/** A kill in the middle of a write leaves a line without its end. @returns how many bytes were dropped */
function dropTornLine(fd: number): number {
  const size = fstatSync(fd).size
  const step = 64 * 1024
  for (let end = size; end > 0; end -= step) {
    const start = Math.max(0, end - step)
    const bytes = Buffer.alloc(end - start)
    readSync(fd, bytes, 0, bytes.length, start)
    const lineEnd = bytes.lastIndexOf('\n')
    if (lineEnd < 0) continue
    const whole = start + lineEnd + 1
    if (whole < size) ftruncateSync(fd, whole)
    return size - whole
  }
  if (size > 0) ftruncateSync(fd, 0)
  return size
}

/** The newest line that can be read, and whether unreadable ones come after it. */
function lastReadable(folder: string): { line: ReadLine; skipped: boolean } | undefined {
  let skipped = false
  for (const segment of segmentsIn(folder).reverse()) {
    if (statSync(segmentFile(folder, segment)).size === 0) continue
    const bytes = readFileSync(segmentFile(folder, segment))
    for (let end = bytes.length - 1; end > 0; ) {
      const start = bytes.lastIndexOf('\n', end - 1) + 1
      const line = readLine(bytes.subarray(start, end))
      if (!('problem' in line)) return { line, skipped }
      skipped = true
      end = start - 1
    }
  }
  return undefined
}
