/**
 * One JSON-RPC message a line, as bytes: what bridge and app exchange over the local socket and what AI apps write to
 * the bridge. Refuses nothing but length, and never holds more than the limit of one line.
 */

/** The longest message that is processed, in bytes, without its line feed. */
export const longestLineBytes = 10 * 1024 * 1024

/** How much of the beginning and of the end of a line that is too long is kept, to find its id. */
const keptBytes = 4096
const lineFeed = 0x0a

export interface LineHandlers {
  /** A whole line without its line feed. The buffer may be a view into the chunk it came in. */
  readonly line: (line: Buffer) => void
  /** A line over the limit has ended; all but its two ends was thrown away while it came in. */
  readonly tooLong: (ends: LineEnds) => void
}
export interface LineEnds {
  readonly head: string
  readonly tail: string
  readonly sizeBytes: number
}

/** Cuts a stream of bytes into lines. */
export class LineSplitter {
  #parts: Buffer[] = []
  #size = 0
  #overlong: Overlong | undefined

  constructor(
    private readonly handlers: LineHandlers,
    private readonly limitBytes = longestLineBytes,
  ) {}

  push(chunk: Buffer): void {
    let start = 0
    for (;;) {
      const end = chunk.indexOf(lineFeed, start)
      if (end === -1) break
      this.#finish(chunk.subarray(start, end))
      start = end + 1
    }
    this.#keep(start === 0 ? chunk : chunk.subarray(start))
  }

  #keep(part: Buffer): void {
    if (part.length === 0) return
    if (this.#overlong) this.#overlong.add(part)
    else {
      this.#parts.push(part)
      this.#size += part.length
      if (this.#size > this.limitBytes) this.#discard()
    }
  }

  #discard(): void {
    const overlong = new Overlong()
    for (const part of this.#parts) overlong.add(part)
    this.#overlong = overlong
    this.#parts = []
    this.#size = 0
  }

  #finish(last: Buffer): void {
    this.#keep(last)
    const overlong = this.#overlong
    if (overlong) {
      this.#overlong = undefined
      this.handlers.tooLong(overlong.ends())
      return
    }
    const line = this.#parts.length === 1 ? (this.#parts[0] as Buffer) : Buffer.concat(this.#parts, this.#size)
    this.#parts = []
    this.#size = 0
    if (line.length > 0) this.handlers.line(line)
  }
}

/** A line that is too long, of which only both ends are kept. */
class Overlong {
  #head = Buffer.alloc(0)
  #tail = Buffer.alloc(0)
  #size = 0

  add(part: Buffer): void {
    this.#size += part.length
    if (this.#head.length < keptBytes)
      this.#head = Buffer.concat([this.#head, part.subarray(0, keptBytes - this.#head.length)])
    const end = part.length >= keptBytes ? part.subarray(-keptBytes) : Buffer.concat([this.#tail, part])
    this.#tail = Buffer.from(end.subarray(-keptBytes))
  }

  ends(): LineEnds {
    return { head: this.#head.toString('utf8'), tail: this.#tail.toString('utf8'), sizeBytes: this.#size }
  }
}

export type RequestId = string | number

const idValue = String.raw`(-?\d+|"(?:[^"\\]|\\.)*")`
const idInHead = new RegExp(
  String.raw`^\s*\{(?:\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*,)*\s*"id"\s*:\s*${idValue}\s*[,}]`,
)
const idInTail = new RegExp(String.raw`"id"\s*:\s*${idValue}\s*(?:,\s*"(?:jsonrpc|method)"\s*:\s*"[^"\\]*"\s*)*\}\s*$`)

/** The top-level id of a message of which only the ends are known; undefined where it stands in neither. */
export function idInEnds(head: string, tail: string): RequestId | undefined {
  const found = idInHead.exec(head)?.[1] ?? idInTail.exec(tail)?.[1]
  return found === undefined ? undefined : (JSON.parse(found) as RequestId)
}

/** A JSON-RPC error as one line with its line feed; `id` null where none could be read. */
export function errorLine(id: RequestId | undefined, code: number, message: string, data?: unknown): string {
  const error = data === undefined ? { code, message } : { code, message, data }
  return `${JSON.stringify({ jsonrpc: '2.0', id: id ?? null, error })}\n`
}
