/** A stream as far as it is written to. */
export interface TextSink {
  write(text: string, encoding: BufferEncoding): boolean
}

/** Characters that are collected before they are sent. */
const largestPiece = 64 * 1024

/**
 * What is said within one turn of the event loop leaves in one piece: each piece is a system call, and wakes the process
 * on the other side.
 */
export class TurnWriter {
  #text = ''

  constructor(private readonly sink: TextSink) {}

  /** @returns false when the sink took the text and wants no more for now */
  write(text: string): boolean {
    if (this.#text === '') process.nextTick(() => this.flush())
    this.#text += text
    return this.#text.length <= largestPiece || this.flush()
  }

  /** Sends what waits. @returns as `write` */
  flush(): boolean {
    const text = this.#text
    this.#text = ''
    return text === '' || this.sink.write(text, isAscii(text) ? 'latin1' : 'utf8')
  }
}

/** Then both encodings are the same, and one of them takes half as long. */
const isAscii = (text: string) => Buffer.byteLength(text) === text.length
