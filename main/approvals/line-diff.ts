export interface DiffLine {
  readonly kind: 'same' | 'added' | 'removed'
  readonly text: string
}
export interface LineDiff {
  readonly lines: readonly DiffLine[]
  readonly truncated: boolean
}

/** Unchanged lines kept around a change. */
const context = 3
/** Lines a preview may have; what is cut is said by `truncated`. */
const mostLines = 2000
/** Beyond this many changed lines the search for the smallest diff stops: all out, all in. */
const mostEdits = 800

/** What changes from one text to another, line by line (Myers' O(ND)), with a little context. */
export function lineDiff(before: string, after: string): LineDiff {
  const lines = withContextOnly(allLines(split(before), split(after)))
  return { lines: lines.slice(0, mostLines), truncated: lines.length > mostLines }
}

const split = (text: string) => (text === '' ? [] : text.split('\n'))

function allLines(before: readonly string[], after: readonly string[]): DiffLine[] {
  let head = 0
  while (head < before.length && head < after.length && before[head] === after[head]) head++
  let tail = 0
  while (
    tail < before.length - head &&
    tail < after.length - head &&
    before[before.length - 1 - tail] === after[after.length - 1 - tail]
  )
    tail++
  const middle = changed(before.slice(head, before.length - tail), after.slice(head, after.length - tail))
  return [...marked('same', before.slice(0, head)), ...middle, ...marked('same', before.slice(before.length - tail))]
}

const marked = (kind: DiffLine['kind'], texts: readonly string[]): DiffLine[] => texts.map((text) => ({ kind, text }))

function changed(before: readonly string[], after: readonly string[]): DiffLine[] {
  if (before.length === 0 || after.length === 0) return [...marked('removed', before), ...marked('added', after)]
  const trace = furthestReach(before, after)
  return trace ? walkBack(trace, before, after) : [...marked('removed', before), ...marked('added', after)]
}

/** For each number of edits, how far each diagonal k = x − y gets; undefined when the texts differ too much. */
function furthestReach(before: readonly string[], after: readonly string[]): Map<number, number>[] | undefined {
  const trace: Map<number, number>[] = []
  let reach = new Map<number, number>([[1, 0]])
  for (let edits = 0; edits <= mostEdits; edits++) {
    const next = new Map<number, number>()
    trace.push(reach)
    for (let k = -edits; k <= edits; k += 2) {
      let x = cameDown(reach, k, edits) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++
      next.set(k, x)
      if (x >= before.length && x - k >= after.length) return trace
    }
    reach = next
  }
  return undefined
}

const cameDown = (reach: Map<number, number>, k: number, edits: number) =>
  k === -edits || (k !== edits && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1))

function walkBack(trace: Map<number, number>[], before: readonly string[], after: readonly string[]): DiffLine[] {
  const lines: DiffLine[] = []
  let [x, y] = [before.length, after.length]
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reach = trace[edits] ?? new Map<number, number>()
    const k = x - y
    const down = cameDown(reach, k, edits)
    const fromX = edits === 0 ? 0 : (reach.get(down ? k + 1 : k - 1) ?? 0)
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1)
    while (x > fromX && y > fromY) {
      x--
      y--
      lines.push({ kind: 'same', text: before[x] ?? '' })
    }
    if (edits === 0) break
    if (down) lines.push({ kind: 'added', text: after[fromY] ?? '' })
    else lines.push({ kind: 'removed', text: before[fromX] ?? '' })
    ;[x, y] = [fromX, fromY]
  }
  return lines.reverse()
}

/** Long unchanged stretches shrink to their edges, with one “⋯” line between. */
function withContextOnly(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Uint8Array(lines.length)
  for (const [index, line] of lines.entries())
    if (line.kind !== 'same') near.fill(1, Math.max(0, index - context), Math.min(lines.length, index + context + 1))
  const shown: DiffLine[] = []
  for (const [index, line] of lines.entries()) {
    if (near[index]) shown.push(line)
    else if (index === 0 || near[index - 1]) shown.push({ kind: 'same', text: '⋯' })
  }
  return shown
}
