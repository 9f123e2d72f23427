import { closeSync, fdatasyncSync, openSync, readSync, writeSync } from 'node:fs'
import { boxNames } from './contents.ts'
import { erasedMark, readLine } from './entry.ts'
import type { Place } from './journal.ts'
import { segmentFile } from './segments.ts'

/**
 * Overwrites the encrypted contents of entries where they lie, salts included, so that neither they nor guesses at them can
 * be checked any more; the entries stay, and so does the chain. Each box becomes as many marks, so no line moves. May be
 * done again: what a kill left half done is finished by the next time.
 *
 * @returns how many entries had contents
 * @throws the system's own error
 */
export function eraseContents(folder: string, places: readonly Place[]): number {
  let count = 0
  for (const [segment, lines] of Map.groupBy(places, ({ segment }) => segment)) {
    const fd = openSync(segmentFile(folder, segment), 'r+')
    try {
      for (const place of lines) if (eraseLine(fd, place)) count += 1
      fdatasyncSync(fd)
    } finally {
      closeSync(fd)
    }
  }
  return count
}

function eraseLine(fd: number, { position, size }: Place): boolean {
  const line = Buffer.alloc(size)
  readSync(fd, line, 0, size, position)
  const found = readLine(line)
  if ('problem' in found) return false // verify() names it
  let erased = false
  for (const field of boxNames) {
    const at = boxAt(line, field)
    if (!at) continue
    writeSync(fd, erasedMark.repeat(at.end - at.start), position + at.start, 'latin1')
    erased = true
  }
  return erased
}

/** Boxes stand at the end of a line, where nothing but them follows. */
export function boxAt(line: Buffer, field: string): { start: number; end: number } | undefined {
  const boxes = line.lastIndexOf(',"boxes":{')
  const mark = `"${field}":"`
  const found = boxes < 0 ? -1 : line.indexOf(mark, boxes)
  if (found < 0) return undefined
  const start = found + mark.length
  return { start, end: line.indexOf('"', start) }
}
