import type { Reply } from '../../shared/domain/call.ts'
import type { CallOutcome } from '../../shared/domain/metrics.ts'
import { GatehouseError } from '../../shared/errors.ts'
import { CallTrail } from '../audit/call-trail.ts'
import type { Received } from '../kernel/exchange.ts'
import type { SeenCall, SeenTrail } from '../telemetry/seen-call.ts'
import type { Foundation } from './foundation.ts'

/** The same way, on which every call is counted and timed as it ends. */
export function measured(
  handle: (received: Received) => Promise<Reply>,
  { meter, traces, log }: Pick<Foundation, 'meter' | 'traces' | 'log'>,
): (received: Received) => Promise<Reply> {
  return async (received) => {
    try {
      const reply = await handle(received)
      const failed = reply.kind === 'error' || reply.result.isError === true
      note(received, failed ? 'error' : 'success', undefined)
      return reply
    } catch (error) {
      const code = error instanceof GatehouseError ? error.code : 'internal.unexpected'
      note(received, outcomeOf(received.trail, code), code)
      throw error
    }
  }

  /** What cannot be counted changes nothing about the call: it is over, and recorded. */
  function note(call: SeenCall & Pick<Received, 'trail'>, outcome: CallOutcome, code: string | undefined): void {
    if (!(call.trail instanceof CallTrail)) return
    const trail: SeenTrail = call.trail
    const end = { outcome, code, endedMs: performance.now() }
    try {
      meter.record(call, trail, end)
      traces.record(call, trail, end)
    } catch (error) {
      log.warn({ err: error }, 'a call could not be measured')
    }
  }
}

/** Let through and then not done: it failed. Everything else that was thrown is a refusal. */
function outcomeOf(trail: Received['trail'], code: string): CallOutcome {
  if (code === 'approvals.waiting') return 'waiting'
  const allowed = trail instanceof CallTrail && trail.facts.decision === 'allow' && trail.laps.length > 0
  return code === 'internal.unexpected' || (allowed && !code.startsWith('limits.')) ? 'error' : 'refused'
}
