/** A word as it would stand in a text: as it is, in hexadecimal, and in base64 at each of three places in a group. */
export function formsOf(word: string): string[] {
  const bytes = Buffer.from(word)
  return [word, bytes.toString('hex'), ...[0, 1, 2].map((before) => base64At(bytes, before))]
}

/** The letters of base64 that depend on the word alone, whatever stands around it. */
function base64At(word: Buffer, before: number): string {
  const text = Buffer.concat([Buffer.alloc(before), word]).toString('base64')
  const first = Math.ceil((before * 8) / 6)
  const last = Math.floor(((before + word.length) * 8) / 6)
  return text.slice(first, last)
}
