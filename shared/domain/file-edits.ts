export interface FileEdit {
  readonly oldText: string
  readonly newText: string
}

const unixLines = (text: string) => text.replaceAll('\r\n', '\n')
const indentOf = (line: string) => /^\s*/.exec(line)?.[0] ?? ''

/**
 * What a text becomes when edits are applied one after the other: the first exact match is replaced, else the first run
 * of lines that are the same but for white space around them, keeping the indentation found there. Lines end in LF after.
 *
 * @returns undefined when an edit finds nothing to replace
 * @see `applyFileEdits` of @modelcontextprotocol/server-filesystem, whose edits mean exactly this
 */
export function editedText(text: string, edits: readonly FileEdit[]): string | undefined {
  let edited = unixLines(text)
  for (const edit of edits) {
    const oldText = unixLines(edit.oldText)
    const newText = unixLines(edit.newText)
    const next = edited.includes(oldText)
      ? edited.replace(oldText, () => newText)
      : replacedLines(edited.split('\n'), oldText.split('\n'), newText.split('\n'))
    if (next === undefined) return undefined
    edited = next
  }
  return edited
}

function replacedLines(lines: string[], old: readonly string[], fresh: readonly string[]): string | undefined {
  for (let at = 0; at <= lines.length - old.length; at++) {
    if (!old.every((line, offset) => line.trim() === lines[at + offset]?.trim())) continue
    lines.splice(at, old.length, ...indented(fresh, old, indentOf(lines[at] ?? '')))
    return lines.join('\n')
  }
  return undefined
}

function indented(fresh: readonly string[], old: readonly string[], base: string): string[] {
  return fresh.map((line, index) => {
    if (index === 0) return base + line.trimStart()
    const oldIndent = indentOf(old[index] ?? '')
    const newIndent = indentOf(line)
    if (oldIndent === '' || newIndent === '') return line
    return base + ' '.repeat(Math.max(0, newIndent.length - oldIndent.length)) + line.trimStart()
  })
}
