/**
 * Reads back the one shell line sandbox-runtime makes, so that its words can be spawned directly, never through a shell.
 *
 * @throws Error on anything a shell would do more with than take a word: operators, expansions, globs
 */
export function shellWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let at = 0
  while (at < line.length) {
    const char = line.charAt(at)
    if (char === ' ') {
      if (word !== undefined) words.push(word)
      word = undefined
      at += 1
    } else if (char === "'" || char === '"') {
      const end = line.indexOf(char, at + 1)
      if (end < 0) throw new Error('unclosed quote in the sandbox command')
      const quoted = line.slice(at + 1, end)
      if (char === '"' && /[$`\\!]/.test(quoted)) throw new Error('expansion in the sandbox command')
      word = (word ?? '') + quoted
      at = end + 1
    } else if (/[A-Za-z0-9_./:=@+,%-]/.test(char)) {
      word = (word ?? '') + char
      at += 1
    } else {
      throw new Error(`unexpected ${JSON.stringify(char)} in the sandbox command`)
    }
  }
  if (word !== undefined) words.push(word)
  return words
}

/** One word as a POSIX shell takes it unchanged. @throws Error for a NUL byte */
export function shellWord(text: string): string {
  if (text.includes('\0')) throw new Error('a NUL byte cannot be part of a command')
  return `'${text.replaceAll("'", `'"'"'`)}'`
}
