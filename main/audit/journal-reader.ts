import { open } from 'node:fs/promises'
import type { Place } from './journal.ts'
import { segmentFile, segmentsIn } from './segments.ts'

export interface RawLine extends Place {
  /** Without its line end. */
  readonly bytes: Buffer
  /** False for a last line whose end is missing. */
  readonly whole: boolean
}

const chunkBytes = 1024 * 1024
const linesPerTurn = 256

/**
 * Reads a journal from a place on, in pieces, giving way to other work every few hundred lines.
 *
 * @param from the first line wanted; the very beginning without it
 */
export async function* linesOf(folder: string, from?: Pick<Place, 'segment' | 'position'>): AsyncGenerator<RawLine> {
  for (const segment of segmentsIn(folder)) {
    if (from && segment < from.segment) continue
    const position = from && segment === from.segment ? from.position : 0
    yield* linesOfFile(segmentFile(folder, segment), segment, position)
  }
}

export async function* linesOfFile(file: string, segment = 1, position = 0): AsyncGenerator<RawLine> {
  const handle = await open(file, 'r')
  let rest: Buffer = Buffer.alloc(0)
  let count = 0
  try {
    for (let offset = position; ; ) {
      const chunk = Buffer.alloc(chunkBytes)
      const { bytesRead } = await handle.read(chunk, 0, chunkBytes, offset)
      if (bytesRead === 0) break
      offset += bytesRead
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)])
      let start = 0
      for (let end = bytes.indexOf('\n'); end >= 0; end = bytes.indexOf('\n', start)) {
        yield {
          segment,
          position: offset - bytes.length + start,
          size: end - start,
          bytes: bytes.subarray(start, end),
          whole: true,
        }
        start = end + 1
        if (++count % linesPerTurn === 0) await new Promise((turn) => setImmediate(turn))
      }
      rest = bytes.subarray(start)
    }
    if (rest.length > 0) yield { segment, position: -1, size: rest.length, bytes: rest, whole: false }
  } finally {
    await handle.close()
  }
}
