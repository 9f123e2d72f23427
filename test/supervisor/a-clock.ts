import type { Clock } from '../../main/approvals/clock.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'

/** A clock in the test's hands: timers go off in order while `pass` moves it, also those set meanwhile. */
export function aClock(): Clock & { pass(ms: number): void; waiting(): number } {
  let now = 0
  const timers = new Set<{ at: number; act: () => void }>()
  return {
    now: () => now as EpochMs,
    monotonicMs: () => now,
    after: (ms, act) => {
      const timer = { at: now + ms, act }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    waiting: () => timers.size,
    pass: (ms) => {
      const until = now + ms
      for (;;) {
        const [next] = [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)
        if (next === undefined) break
        timers.delete(next)
        now = next.at
        next.act()
      }
      now = until
    },
  }
}
