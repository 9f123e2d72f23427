import type { SeenCall, SeenEnd, SeenTrail } from '../../main/telemetry/seen-call.ts'
import type { ClientId, EntryName, EpochMs, ServerName } from '../../shared/domain/ids.ts'

interface Told {
  readonly server?: string
  readonly client?: string
  readonly entry?: string
  readonly laps?: readonly number[]
  readonly startedMs?: number
  readonly tookMs?: number
  readonly outcome?: SeenEnd['outcome']
  readonly code?: string
  readonly decision?: string
  readonly labels?: readonly string[]
  readonly target?: string
}

/** A call that is over, of a tool, unless told otherwise; it took 10 ms. */
export function aSeenCall(told: Told = {}): [SeenCall, SeenTrail, SeenEnd] {
  const { server = 'notes', client = 'editor', entry = 'notes__add', startedMs = 0, tookMs = 10, laps = [] } = told
  const { outcome = 'success', code, decision = 'allow', labels, target = entry } = told
  return [
    { callId: 'call_1', receivedAt: 1_000 as EpochMs, startedMs, door: 'bridge', method: 'tools/call', target },
    {
      facts: {
        client,
        clientId: 'cl_1' as ClientId,
        ...(server ? { server: server as ServerName } : {}),
        ...(entry ? { entry: entry as EntryName } : {}),
        decision,
        ...(labels ? { labels } : {}),
      },
      laps,
    },
    { outcome, code, endedMs: startedMs + tookMs },
  ]
}

/** When the steps were done, given how long each took. */
export function lapsOf(...stepsMs: readonly number[]): number[] {
  let at = 0
  return stepsMs.map((ms) => {
    at += ms
    return at
  })
}
