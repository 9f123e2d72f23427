/** One replacement as `edit_file` takes it. */
export interface TextEdit {
  readonly oldText: string
  readonly newText: string
}

export const unixLines = (text: string) => text.replace(/\r\n/g, '\n')

/**
 * Applies edits one after the other: an exact match first, else the first place whose lines are the same but for their
 * indentation, which is then kept. Shared by the server that writes and by the question that shows what it will write.
 *
 * @returns the new text with `\n` line ends, or the edit that found no place
 * @see @modelcontextprotocol/server-filesystem, edit_file: the same rules
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): { text: string } | { notFound: TextEdit } {
  let current = unixLines(text)
  for (const edit of edits) {
    const changed = applyEdit(current, unixLines(edit.oldText), unixLines(edit.newText))
    if (changed === undefined) return { notFound: edit }
    current = changed
  }
  return { text: current }
}

function applyEdit(text: string, oldText: string, newText: string): string | undefined {
  if (text.includes(oldText)) return text.replace(oldText, () => newText)
  const oldLines = oldText.split('\n')
  const lines = text.split('\n')
  const at = lines.findIndex((_, start) => sameButIndent(lines, start, oldLines))
  if (at < 0) return undefined
  const indent = leadingSpace(lines[at] ?? '')
  lines.splice(at, oldLines.length, ...reindented(newText.split('\n'), oldLines, indent))
  return lines.join('\n')
}

function sameButIndent(lines: readonly string[], start: number, wanted: readonly string[]): boolean {
  if (start + wanted.length > lines.length) return false
  return wanted.every((line, offset) => line.trim() === (lines[start + offset] ?? '').trim())
}

function reindented(newLines: readonly string[], oldLines: readonly string[], indent: string): string[] {
  return newLines.map((line, index) => {
    if (index === 0) return indent + line.trimStart()
    const before = leadingSpace(oldLines[index] ?? '')
    const after = leadingSpace(line)
    if (before === '' || after === '') return line
    return indent + ' '.repeat(Math.max(0, after.length - before.length)) + line.trimStart()
  })
}

const leadingSpace = (line: string) => line.match(/^\s*/)?.[0] ?? ''
