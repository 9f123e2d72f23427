/** Code point ranges that draw nothing, reorder text or end a line unseen: a command could hide behind them. Tab and line feed are shown by layout. */
const hiddenRanges: readonly (readonly [number, number])[] = [
  [0x0000, 0x0008],
  [0x000b, 0x001f],
  [0x007f, 0x009f],
  [0x00ad, 0x00ad],
  [0x034f, 0x034f],
  [0x061c, 0x061c],
  [0x115f, 0x1160],
  [0x17b4, 0x17b5],
  [0x180b, 0x180f],
  [0x200b, 0x200f],
  [0x2028, 0x202e],
  [0x2060, 0x206f],
  [0x3164, 0x3164],
  [0xfe00, 0xfe0f],
  [0xfeff, 0xfeff],
  [0xffa0, 0xffa0],
  [0xfff0, 0xfffb],
  [0xe0000, 0xe0fff],
]

const isHidden = (codePoint: number) => hiddenRanges.some(([first, last]) => codePoint >= first && codePoint <= last)

/** Most text; nothing in it hides. */
const plainAscii = /^[\t\n\x20-\x7e]+$/

export interface TextPiece {
  readonly text: string
  readonly hidden: boolean
}

/** Splits text so that every hidden character stands alone as its code point, e.g. `U+202E`. */
export function revealHidden(text: string): TextPiece[] {
  if (plainAscii.test(text)) return [{ text, hidden: false }]
  const pieces: TextPiece[] = []
  let plain = ''
  for (const character of text) {
    if (!isHidden(character.codePointAt(0) ?? 0)) {
      plain += character
      continue
    }
    if (plain) pieces.push({ text: plain, hidden: false })
    plain = ''
    pieces.push({ text: codePointName(character), hidden: true })
  }
  return plain ? [...pieces, { text: plain, hidden: false }] : pieces
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
