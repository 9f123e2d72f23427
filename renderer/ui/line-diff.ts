import type { DiffLine } from './diff-view.tsx'

/** Beyond this many lines a side the comparison is cut to whole blocks, so that it stays quick. */
const mostLines = 1_500

/** The shortest line-by-line difference (longest common subsequence). */
export function lineDiff(before: string, after: string): DiffLine[] {
  const old = before.split('\n')
  const now = after.split('\n')
  if (old.length > mostLines || now.length > mostLines) return [...marked('removed', old), ...marked('added', now)]
  const common = commonLengths(old, now)
  const lines: DiffLine[] = []
  let i = 0
  let j = 0
  while (i < old.length && j < now.length) {
    if (old[i] === now[j]) {
      lines.push({ kind: 'same', text: old[i++] ?? '' })
      j++
    } else if ((common[i + 1]?.[j] ?? 0) >= (common[i]?.[j + 1] ?? 0))
      lines.push({ kind: 'removed', text: old[i++] ?? '' })
    else lines.push({ kind: 'added', text: now[j++] ?? '' })
  }
  return [...lines, ...marked('removed', old.slice(i)), ...marked('added', now.slice(j))]
}

const marked = (kind: DiffLine['kind'], lines: readonly string[]) => lines.map((text) => ({ kind, text }))

function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1))
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const row = rows[i] as Uint16Array
      const below = rows[i + 1] as Uint16Array
      row[j] = old[i] === now[j] ? (below[j + 1] ?? 0) + 1 : Math.max(below[j] ?? 0, row[j + 1] ?? 0)
    }
  }
  return rows
}
