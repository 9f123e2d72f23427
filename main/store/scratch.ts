/** Beyond this a buffer is not kept: one call in a thousand is so large. */
const mostKeptBytes = 1024 * 1024

/**
 * A buffer that is used again and again, and grows to what is needed: what is written for each call would be most of the
 * app's garbage, and fresh memory of a hundred kilobytes costs more than what is done in it.
 */
export class Scratch {
  #buffer: Buffer

  constructor(firstBytes = 64 * 1024) {
    this.#buffer = Buffer.allocUnsafeSlow(firstBytes)
  }

  /**
   * @param kept how much of what was written before stays, from its beginning
   * @returns at least so many bytes, good until the next are asked for
   */
  room(bytes: number, kept = 0): Buffer {
    if (bytes <= this.#buffer.length) return this.#buffer
    const larger = Buffer.allocUnsafeSlow(bytes)
    if (kept > 0) this.#buffer.copy(larger, 0, 0, kept)
    if (bytes <= mostKeptBytes) this.#buffer = larger
    return larger
  }
}
