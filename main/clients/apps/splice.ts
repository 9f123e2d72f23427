/** One change of a text; `end` excluded. */
export interface Splice {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** The text with these changes, which must not overlap; everything outside them stays as it is. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const ordered = [...splices].sort((a, b) => a.start - b.start || a.end - b.end)
  let result = ''
  let at = 0
  for (const { start, end, text: put } of ordered) {
    result += text.slice(at, start) + put
    at = end
  }
  return result + text.slice(at)
}

/** The line ending a text uses; `\n` where it has none yet. */
export const lineEnd = (text: string): string => (/\r\n/.test(text) ? '\r\n' : '\n')

/** Where the line of this place begins. */
export const lineStart = (text: string, place: number): number => text.lastIndexOf('\n', place - 1) + 1

/** Where the line of this place ends: before its line ending, or at the end of the text. */
export function lineStop(text: string, place: number): number {
  const feed = text.indexOf('\n', place)
  if (feed < 0) return text.length
  return text[feed - 1] === '\r' && feed > place ? feed - 1 : feed
}

/** Past the line ending of this place's line. */
export function nextLine(text: string, place: number): number {
  const feed = text.indexOf('\n', place)
  return feed < 0 ? text.length : feed + 1
}

/** The white space this place's line begins with. */
export const indentAt = (text: string, place: number): string =>
  /^[ \t]*/.exec(text.slice(lineStart(text, place), place))?.[0] ?? ''
