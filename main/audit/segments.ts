import { existsSync, fstatSync, ftruncateSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type ReadLine, readLine } from './entry.ts'

/*
 * The journal's files: `000001.jsonl` and so on, which continue one chain.
 */

export const segmentFile = (folder: string, segment: number) =>
  join(folder, `${String(segment).padStart(6, '0')}.jsonl`)

/** Numbers of the segments there are, in order. */
export function segmentsIn(folder: string): number[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder).filter((name) => /^\d{6}\.jsonl$/.test(name))
  return names.map((name) => Number(name.slice(0, 6))).sort((a, b) => a - b)
}

export function openSegment(folder: string, segment: number): number {
  return openSync(segmentFile(folder, segment), 'a+', 0o600)
}

/** A kill in the middle of a write leaves a line without its end. @returns how many bytes were dropped */
export function dropTornLine(fd: number): number {
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
export function lastReadable(folder: string): { line: ReadLine; skipped: boolean } | undefined {
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
