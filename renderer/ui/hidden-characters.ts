/** Characters that draw nothing, reorder text or end a line unseen: a command could hide behind them. Tab and line feed are shown by layout. */
const hidden =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb]|[\u{e0000}-\u{e0fff}]/gu

export interface TextPiece {
  readonly text: string
  readonly hidden: boolean
}

/** Splits text so that every hidden character stands alone as its code point, e.g. `U+202E`. */
export function revealHidden(text: string): TextPiece[] {
  const pieces: TextPiece[] = []
  let end = 0
  for (const match of text.matchAll(hidden)) {
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), hidden: false })
    pieces.push({ text: codePointName(match[0]), hidden: true })
    end = match.index + match[0].length
  }
  if (end < text.length) pieces.push({ text: text.slice(end), hidden: false })
  return pieces
}

function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
