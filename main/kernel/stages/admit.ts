import type { Admitted, Cleared } from '../exchange.ts'
import type { LimitsPort } from '../ports.ts'

/** Waits for one of the server's slots and starts the deadline. The slot is given back when the call is over. */
export async function admit(cleared: Cleared, limits: LimitsPort): Promise<Admitted> {
  const { deadline, deadlineMs, atWork, release } = await limits.admit(cleared, cleared.signal)
  cleared.trail.onEnd(release)
  cleared.trail.lap('queue')
  return { ...cleared, deadline, deadlineMs, atWork } as unknown as Admitted
}
