import {
  closeSync,
  fdatasync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  writeSync,
} from 'node:fs'
import { auditUnwritable } from '../../shared/errors.ts'
import type { BoxCipher } from '../store/data-keys.ts'
import { randomPool } from '../store/random-pool.ts'
import { Scratch } from '../store/scratch.ts'
import { categoryOf } from './categories.ts'
import { type PlainContents, type SealedContents, Sealer, sha256 } from './contents.ts'
import {
  boxEnd,
  boxStart,
  canonicalText,
  type Entry,
  type EntryFields,
  hashPart,
  noHash,
  type ReadLine,
  readLine,
} from './entry.ts'
import { dropTornLine, lastReadable, openSegment, segmentFile, segmentsIn } from './segments.ts'

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

/** An entry to be: its contents are sealed, and its number and place in the chain come, when it is written. */
export interface Draft {
  readonly fields: EntryFields
  /** JSON texts, encrypted. */
  readonly contents: PlainContents
}

interface Encoded {
  readonly entry: Entry
  readonly hash: string
  /** In the buffer. */
  readonly start: number
}

export const segmentBytes = 64 * 1024 * 1024
/** Entries are collected up to so many bytes for one write. */
const largestPieceBytes = 256 * 1024

/**
 * The append-only files. An entry is one line, and lines are written whole; if a write fails nothing is left of it and
 * the chain stands as before. Segments (`000001.jsonl` …) continue one chain.
 */
export class Journal {
  readonly recovery: Recovery
  readonly #folder: string
  readonly #sealer: Sealer
  readonly #now: () => number
  readonly #largestSegment: number
  readonly #scratch = new Scratch()
  /** The lines that are written next. */
  #lines = this.#scratch.room(0)
  #fd: number
  #segment: number
  #size: number
  #seq: number
  #hash: string
  /** Why nothing can be written: a failed write could not be taken back. */
  #broken: string | undefined

  /** @throws audit.unwritable */
  constructor(folder: string, cipher: BoxCipher, now: () => number, largestSegment = segmentBytes) {
    this.#folder = folder
    this.#sealer = new Sealer(cipher, randomPool())
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
  /** Where the next line will begin. */
  get end(): Pick<Place, 'segment' | 'position'> {
    return { segment: this.#segment, position: this.#size }
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
   * @throws audit.unwritable
   */
  append(fields: EntryFields, contents: PlainContents): Written {
    const { written, error } = this.appendAll([{ fields, contents }])
    if (written[0] === undefined) throw error
    return written[0]
  }

  /**
   * Seals and writes entries, one after another, in as few writes as fit.
   *
   * @returns those that a killed process cannot lose: all, or those before `error` (audit.unwritable)
   */
  appendAll(drafts: readonly Draft[]): { readonly written: readonly Written[]; readonly error?: unknown } {
    const written: Written[] = []
    let piece: Encoded[] = []
    let [seq, hash, end] = [this.#seq, this.#hash, 0]
    try {
      this.assertWritable()
      for (const { fields, contents: plain } of drafts) {
        const sealed = this.#sealed(plain)
        if ('error' in sealed) return { written: [...written, ...this.#commit(piece, end)], error: sealed.error }
        const { contents, box } = sealed
        const entry: Entry = {
          category: categoryOf(fields.action),
          ...fields,
          ...(contents && { contents }),
          version: 1,
          seq: ++seq,
          time: this.#now(),
          prev: hash,
        }
        const text = canonicalText(entry)
        const atMost = mostBytesOf(text, box)
        if (end > 0 && (end + atMost > largestPieceBytes || this.#size + end + atMost > this.#largestSegment)) {
          written.push(...this.#commit(piece, end))
          piece = []
          end = 0
        }
        if (end === 0 && this.#size > 0 && this.#size + atMost > this.#largestSegment) this.#nextSegment()
        const encoded = this.#encode(text, box, end, atMost)
        hash = encoded.hash
        piece.push({ entry, hash, start: end })
        end = encoded.end
      }
      written.push(...this.#commit(piece, end))
      return { written }
    } catch (error) {
      return { written, error }
    }
  }

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

  /** What cannot be sealed is refused, and holds up none of those before it. */
  #sealed(plain: PlainContents): SealedContents | { readonly error: unknown } {
    try {
      return this.#sealer.seal(plain)
    } catch (error) {
      return { error: auditUnwritable((error as Error).message, error) }
    }
  }

  /**
   * The line's bytes, behind those of the lines before it. The tail takes the place of the text's last brace.
   *
   * @returns where they end
   */
  #encode(text: string, box: Buffer | undefined, start: number, atMost: number): { hash: string; end: number } {
    this.#lines = this.#scratch.room(start + atMost, start)
    const lines = this.#lines
    const closed = start + lines.write(text, start)
    const hash = sha256(lines.subarray(start, closed))
    let end = closed - 1 + lines.write(hashPart(hash), closed - 1, 'latin1')
    if (box === undefined) return { hash, end: end + lines.write('}\n', end, 'latin1') }
    end += lines.write(boxStart, end, 'latin1')
    end += box.copy(lines, end)
    return { hash, end: end + lines.write(boxEnd, end, 'latin1') }
  }

  /** Writes the encoded lines: all of them, or none. */
  #commit(lines: readonly Encoded[], end: number): Written[] {
    const last = lines.at(-1)
    if (last === undefined) return []
    this.#write(this.#lines.subarray(0, end))
    const written = lines.map(({ entry, hash, start }, index) => ({
      entry,
      hash,
      segment: this.#segment,
      position: this.#size + start,
      size: (lines[index + 1]?.start ?? end) - start - 1,
    }))
    this.#size += end
    this.#seq = last.entry.seq
    this.#hash = last.hash
    return written
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

const aroundBytes = hashPart(noHash).length + boxStart.length + boxEnd.length
const mostBytesOf = (text: string, box?: Buffer) => text.length * 3 + aroundBytes + (box?.length ?? 0)
