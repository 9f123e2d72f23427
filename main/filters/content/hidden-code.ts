/**
 * Characters a person does not see where text is shown, or that turn it around. Joiners and variation selectors are
 * among them, and are innocent where scripts and emoji need them: the filter looks at what stands around them.
 * @see Unicode Technical Standard 39, and UAX 9 for the bidirectional ones
 */
export function isHidden(code: number): boolean {
  if (code < 0x200b) return (code >= 0x80 && code <= 0x9f) || code === 0xad || code === 0x61c || isFiller(code)
  if (code <= 0x200f) return true
  if (code < 0x2800) return (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f)
  return (
    code === 0x2800 ||
    code === 0x3164 ||
    code === 0xffa0 ||
    code === 0xfeff ||
    (code >= 0xfe00 && code <= 0xfe0f) ||
    (code >= 0xfff9 && code <= 0xfffb) ||
    code === 0xdb40 // first half of tags and of the variation selectors supplement
  )
}

const isFiller = (code: number) =>
  code === 0x115f || code === 0x1160 || code === 0x17b4 || code === 0x17b5 || code === 0x180e

/** Greek and Cyrillic letters, full-width Latin ones, and the first half of mathematical ones. */
export const isLookAlike = (code: number): boolean =>
  (code >= 0x370 && code <= 0x52f) || (code >= 0xff21 && code <= 0xff5a) || code === 0xd835
