import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'

/** What a line of the log says, as it was written. */
export interface LogLine {
  /** Where it begins in its file: with `file` the same line for ever. */
  readonly at: number
  readonly time: number
  readonly level: LogLevel
  readonly text: string
  /** Everything else in it, as JSON; empty when there is nothing. */
  readonly more: string
}
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

export interface LogQuestion {
  /** Of this level or graver. */
  readonly level: LogLevel
  /** Every word of it stands somewhere in the line. */
  readonly search?: string
  readonly most: number
}

const pieceBytes = 256 * 1024
/** How far back is looked for what fits. */
const farthestBytes = 16 * 1024 * 1024
/** One line is shown no longer than this. */
const longestText = 8_000

/**
 * The newest lines of Gatehouse's own log that fit, newest first. The file grows meanwhile and may hold a line that is not
 * whole yet: that one is left for the next time.
 */
export async function readLog(folder: string, question: LogQuestion): Promise<{ lines: LogLine[]; whole: boolean }> {
  const file = await open(join(folder, 'gatehouse.log'), 'r').catch(() => undefined)
  if (!file) return { lines: [], whole: true }
  try {
    return await newest(file, question)
  } finally {
    await file.close()
  }
}

async function newest(file: FileHandle, question: LogQuestion): Promise<{ lines: LogLine[]; whole: boolean }> {
  const { size } = await file.stat()
  const words = (question.search ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const least = logLevels.indexOf(question.level)
  const lines: LogLine[] = []
  let end = size
  let rest: Buffer = Buffer.alloc(0)
  while (end > 0 && size - end < farthestBytes) {
    const from = Math.max(0, end - pieceBytes)
    const piece = Buffer.concat([await part(file, from, end), rest])
    const first = from === 0 ? 0 : piece.indexOf(10) + 1
    rest = from === 0 ? Buffer.alloc(0) : piece.subarray(0, first)
    for (const { at, text } of wholeLines(piece, first).reverse()) {
      const line = lineOf(text, from + at)
      if (!line || logLevels.indexOf(line.level) < least || !words.every((word) => text.toLowerCase().includes(word)))
        continue
      if (lines.length === question.most) return { lines, whole: false }
      lines.push(line)
    }
    end = from
  }
  return { lines, whole: end === 0 }
}

async function part(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(to - from), 0, to - from, from)
  return buffer.subarray(0, bytesRead)
}

function wholeLines(piece: Buffer, from: number): { at: number; text: string }[] {
  const found: { at: number; text: string }[] = []
  for (let at = from; at < piece.length; ) {
    const end = piece.indexOf(10, at)
    if (end === -1) break
    if (end > at) found.push({ at, text: piece.toString('utf8', at, end) })
    at = end + 1
  }
  return found
}

function lineOf(text: string, at: number): LogLine | undefined {
  try {
    const { time, level, msg, ...others } = JSON.parse(text) as Record<string, unknown>
    const more = Object.keys(others).length > 0 ? JSON.stringify(others, undefined, 2) : ''
    return {
      at,
      time: Date.parse(String(time)) || 0,
      level: logLevels[Math.floor(Number(level) / 10) - 1] ?? 'info',
      text: cut(typeof msg === 'string' ? msg : ''),
      more: cut(more),
    }
  } catch {
    return undefined // not a line of the log: nothing of it is shown
  }
}

const cut = (text: string) => (text.length > longestText ? `${text.slice(0, longestText)}…` : text).toWellFormed()
