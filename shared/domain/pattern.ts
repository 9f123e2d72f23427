/** A text in which `*` stands for any text. Nothing else is special. */
export interface Pattern {
  readonly text: string
  matches(value: string): boolean
}

export function pattern(text: string): Pattern {
  const parts = text.split('*')
  if (parts.length === 1) return { text, matches: (value) => value === text }
  const [first = '', ...rest] = parts
  const last = rest.pop() ?? ''
  return { text, matches: (value) => fits(value, first, rest, last) }
}

/** Leftmost match of every part in turn: linear in the value for each part, whatever the pattern is. */
function fits(value: string, first: string, middle: readonly string[], last: string): boolean {
  if (!value.startsWith(first) || !value.endsWith(last)) return false
  const end = value.length - last.length
  let from = first.length
  for (const part of middle) {
    const found = value.indexOf(part, from)
    if (found < 0) return false
    from = found + part.length
  }
  return from <= end
}
