/** Characters that stand in it at once. */
export const stretch = 8_192
/** Texts that are copied by hand sooner than by the engine. */
const shortText = 64

/**
 * A stretch of a text as numbers in a row: a character of a string costs several times as much to get at as what is done
 * with it where every character of every call is walked over.
 */
export class FlatText {
  readonly #bytes = Buffer.alloc(stretch * 2)
  readonly units = new Uint16Array(this.#bytes.buffer, this.#bytes.byteOffset, stretch)

  /** @returns how many characters from there on stand in `units` now */
  take(text: string, from: number): number {
    const length = Math.min(stretch, text.length - from)
    if (length > shortText)
      this.#bytes.write(length === text.length ? text : text.slice(from, from + length), 'utf16le')
    else for (let index = 0; index < length; index++) this.units[index] = text.charCodeAt(from + index)
    return length
  }
}
