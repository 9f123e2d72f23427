/**
 * The beginning of a text as a text of its own: a plain slice would keep all of the long one in memory.
 */
export const beginningOf = (text: string, chars: number): string =>
  text.length <= chars ? text : Buffer.from(text.slice(0, chars), 'utf16le').toString('utf16le')

/** Keeps the latest lines of a server's stderr in bounded memory; a flood only pushes older lines out. */
export class LogRing {
  #lines: string[] = []
  #partial = ''

  /**
   * @param keepLines lines kept
   * @param longestChars of a line; the rest of it is left out
   * @param onLines whole lines as they come, already shortened
   */
  constructor(
    private readonly keepLines = 1000,
    private readonly longestChars = 4000,
    private readonly onLines: (lines: readonly string[]) => void = () => {},
  ) {}

  write(chunk: string): void {
    const parts = (this.#partial + chunk).split('\n')
    this.#partial = beginningOf(parts.pop() ?? '', this.longestChars)
    if (parts.length > 0) this.push(parts)
  }

  push(lines: readonly string[]): void {
    const shortened = lines.slice(-this.keepLines).map((line) => this.#shorten(line))
    this.#lines.push(...shortened)
    if (this.#lines.length > this.keepLines * 2) this.#lines = this.#lines.slice(-this.keepLines)
    this.onLines(shortened)
  }

  /** The latest lines, oldest first, a begun line included. */
  tail(count: number): string[] {
    const all = this.#partial === '' ? this.#lines : [...this.#lines, this.#partial]
    return all.slice(-Math.min(count, this.keepLines))
  }

  /** Takes lines out of memory. @returns how many */
  drop(fits: (line: string) => boolean): number {
    const before = this.#lines.length
    this.#lines = this.#lines.filter((line) => !fits(line))
    if (fits(this.#partial)) this.#partial = ''
    return before - this.#lines.length
  }

  #shorten(line: string): string {
    return line.length > this.longestChars ? `${beginningOf(line, this.longestChars)} …` : line
  }
}
