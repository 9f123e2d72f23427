import type { WindowRule } from '../../../shared/domain/session-context.ts'

/** A concept a session recalled. What is known of it stays in the graph. */
export interface WindowRow {
  readonly concept: number
  /** Places in the order of recalls: when it came in, when it was recalled last. */
  readonly entered: number
  readonly used: number
  readonly used_at: number
  readonly uses: number
  readonly importance: number
}

/** With each recall, everything is worth so much of what it was. */
const decay = 0.95
const worthless = 0.01
const forgottenAfterMs = 30 * 24 * 3600 * 1000

/** What goes first has the lowest of these. */
const standing: Readonly<Record<WindowRule['eviction'], (row: WindowRow) => number>> = {
  fifo: ({ entered }) => entered,
  lru: ({ used }) => used,
  importance: ({ importance, uses }) => importance * uses,
}

/**
 * A session’s window after a recall: what was found is in it, what the rule lets go is not.
 * @see spec sales-1, 6.1: memory decays by 0.95 with each, goes after 30 days, and at 50 the least of importance × uses
 */
export function afterRecall(
  window: readonly WindowRow[],
  found: readonly { readonly id: number; readonly score: number }[],
  { eviction, most }: WindowRule,
  now: number,
): WindowRow[] {
  const place = 1 + Math.max(0, ...window.map(({ used }) => used))
  const rows = new Map(window.map((row) => [row.concept, row]))
  for (const [at, { id, score }] of found.entries()) {
    const known = rows.get(id)
    const used = place + (found.length - at) / (found.length + 1) // the best of one recall counts as the latest
    rows.set(id, {
      concept: id,
      entered: known?.entered ?? used,
      used,
      used_at: now,
      uses: (known?.uses ?? 0) + 1,
      importance: Math.max(known?.importance ?? 0, score),
    })
  }
  const held = [...rows.values()]
    .map((row) => ({ ...row, importance: row.importance * decay }))
    .filter(({ importance, used_at }) => importance > worthless && now - used_at < forgottenAfterMs)
  const of = standing[eviction]
  return held.sort((a, b) => of(b) - of(a) || b.used - a.used).slice(0, most)
}
