/** A command line as a person types it, cut into words: quotes and backslashes as in a shell, but nothing is ever expanded. */
export type CommandLine =
  | { readonly ok: true; readonly command: string; readonly args: readonly string[] }
  | { readonly ok: false; readonly problem: 'empty' | 'quote' }

export function splitCommandLine(line: string): CommandLine {
  const words: string[] = []
  let word: string | undefined
  let quote: '"' | "'" | undefined
  for (let place = 0; place < line.length; place++) {
    const character = line.charAt(place)
    if (character === '\\' && quote !== "'" && escapes(line.charAt(place + 1), quote)) {
      word = (word ?? '') + line.charAt(++place)
    } else if (quote) {
      if (character === quote) quote = undefined
      else word = (word ?? '') + character
    } else if (character === '"' || character === "'") {
      quote = character
      word ??= ''
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else word = (word ?? '') + character
  }
  if (quote) return { ok: false, problem: 'quote' }
  if (word !== undefined) words.push(word)
  const [command, ...args] = words
  return command ? { ok: true, command, args } : { ok: false, problem: 'empty' }
}

/** A backslash before anything else stays, so that Windows paths survive. */
function escapes(next: string, quote: string | undefined): boolean {
  return quote === '"' ? next === '"' || next === '\\' : next === '"' || next === "'" || next === ' ' || next === '\\'
}
