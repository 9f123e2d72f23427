import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs'
import { type FileHandle, open } from 'node:fs/promises'
import { boxNames } from './contents.ts'
import { readLine } from './entry.ts'
import { boxAt } from './erase-contents.ts'
import type { IndexPlaces, Placed } from './index-places.ts'
import type { Journal } from './journal.ts'
import { linesOfFile, type RawLine } from './journal-reader.ts'
import type { Readings } from './readings.ts'
import { segmentFile, segmentsIn } from './segments.ts'

/** A segment is written anew when erased entries take at least this part of it. */
const worthwhile = 1 / 16
const pieceBytes = 1024 * 1024

/**
 * Gives back the room of erased contents. Erasing leaves as many marks as a box had characters, so that no line moves; here a
 * full segment is written anew with one mark in the place of each such box. The chain does not cover boxes but by their
 * sums, so it verifies as before, here and elsewhere.
 *
 * The new file takes the old one's name in one step, and the index moves with it. A kill or a power cut leaves the old file
 * and places or the new ones, or a new file with old places: {@link placesAnew} finds that at the next start.
 */
export class ReclaimSegments {
  #erasures = 0
  #running: Promise<number> | undefined

  constructor(
    private readonly folder: string,
    private readonly journal: Journal,
    private readonly places: IndexPlaces,
    private readonly readings: Readings,
  ) {}

  /** Contents were erased: a segment that is being written anew at this moment would bring them back. */
  erased(): void {
    this.#erasures += 1
  }

  /** @returns bytes given back. @throws the system's own error; the segment it concerns is as it was */
  run(): Promise<number> {
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #run(): Promise<number> {
    const erased = await this.places.erasedBytes()
    let bytes = 0
    for (const segment of segmentsIn(this.folder)) {
      if (segment >= this.journal.end.segment) break // it is still being written
      const size = statSync(segmentFile(this.folder, segment)).size
      if ((erased.get(segment) ?? 0) >= Math.max(1, size * worthwhile)) bytes += await this.#rewrite(segment, size)
    }
    return bytes
  }

  async #rewrite(segment: number, size: number): Promise<number> {
    const file = segmentFile(this.folder, segment)
    const draft = `${file}.draft`
    try {
      for (;;) {
        const before = this.#erasures
        const { places, end } = await writeAnew(file, draft, segment)
        const moved = await this.readings.between(() => {
          if (before !== this.#erasures) return false
          this.places.move(segment, places, () => renameSync(draft, file))
          return true
        })
        if (!moved) continue
        syncFolder(this.folder)
        return size - end
      }
    } finally {
      rmSync(draft, { force: true })
    }
  }
}

/** @returns where the lines lie in the draft, and its size */
async function writeAnew(file: string, draft: string, segment: number): Promise<{ places: Placed[]; end: number }> {
  const places: Placed[] = []
  const handle = await open(draft, 'w', 0o600)
  try {
    let [end, piece, pieceSize] = [0, [] as Buffer[], 0]
    for await (const raw of linesOfFile(file, segment)) {
      const bytes = withoutRoom(raw)
      const place = placeOf(raw, bytes, end)
      if (place) places.push(place)
      piece.push(bytes, ...(raw.whole ? [lineEnd] : []))
      const length = bytes.length + (raw.whole ? 1 : 0)
      end += length
      pieceSize += length
      if (pieceSize < pieceBytes) continue
      await writeWhole(handle, piece)
      ;[piece, pieceSize] = [[], 0]
    }
    await writeWhole(handle, piece)
    await handle.sync()
    return { places, end }
  } finally {
    await handle.close()
  }
}

/** A line without the room of its erased boxes; one that cannot be read stays as it is, for verify() to name. */
function withoutRoom({ bytes, whole }: RawLine): Buffer {
  if (!whole || !bytes.includes(marks)) return bytes
  const found = readLine(bytes)
  if ('problem' in found) return bytes
  let line = bytes
  for (const field of boxNames) {
    const at = found.erased.includes(field) ? boxAt(line, field) : undefined
    if (at) line = Buffer.concat([line.subarray(0, at.start + 1), line.subarray(at.end)])
  }
  return line
}

function placeOf(raw: RawLine, bytes: Buffer, position: number): Placed | undefined {
  const found = raw.whole ? readLine(bytes) : { problem: 'is not whole' }
  if ('problem' in found) return undefined
  return { seq: found.entry.seq, position, size: bytes.length, reclaimed: found.erased.length > 0 }
}

async function writeWhole(handle: FileHandle, pieces: readonly Buffer[]): Promise<void> {
  const bytes = Buffer.concat(pieces)
  for (let at = 0; at < bytes.length; ) at += (await handle.write(bytes, at)).bytesWritten
}

/**
 * Looks at each full segment whether the index knows where its lines lie, and reads the places again where it does not.
 * Lines only ever move towards the beginning, so a segment that is as long as the index says did not move.
 */
export async function placesAnew(folder: string, upTo: number, index: IndexPlaces): Promise<void> {
  for (const segment of segmentsIn(folder)) {
    if (segment >= upTo) return
    const file = segmentFile(folder, segment)
    const end = index.endOf(segment)
    if (end === undefined || end === statSync(file).size) continue
    const places: Placed[] = []
    for await (const raw of linesOfFile(file, segment)) {
      const place = placeOf(raw, raw.bytes, raw.position)
      if (place) places.push({ ...place, reclaimed: false })
    }
    index.move(segment, places)
  }
}

/** Makes the new name durable. Not every system opens folders; there the rename itself has to do. */
function syncFolder(folder: string): void {
  let fd: number | undefined
  try {
    fd = openSync(folder, 'r')
    fsyncSync(fd)
  } catch {
    // the start looks at the files' sizes
  } finally {
    if (fd !== undefined) closeSync(fd)
  }
}

const lineEnd = Buffer.from('\n')
const marks = Buffer.from(':"##')
