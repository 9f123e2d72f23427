import type { LiveCall } from '../../shared/contract/sessions.ts'
import type { TrailFacts } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { decisionOf, type Outcome, plain, type ReceivedCall } from './call-entry.ts'
import type { CallTrail } from './call-trail.ts'

const keptEnded = 50

/** Calls as they happen, for Home: no arguments, no results. */
export class LiveCalls {
  readonly #tell: (call: LiveCall) => void
  readonly #now: () => number
  readonly #running = new Map<string, LiveCall>()
  readonly #ended: LiveCall[] = []

  /** @param tell a throwing listener is its owner's affair: it must not throw */
  constructor(tell: (call: LiveCall) => void, now: () => number) {
    this.#tell = tell
    this.#now = now
  }

  /** Told when the client is known, and at every later stage. */
  begin(received: ReceivedCall, trail: CallTrail): void {
    trail.watch((facts: TrailFacts) => {
      if (facts.stage) this.#show(received, trail, facts.stage)
      else if (facts.client) this.#show(received, trail, 'received')
    })
  }

  end(received: ReceivedCall, trail: CallTrail, outcome: Outcome): void {
    const decision = decisionOf(trail, outcome)
    const stage =
      outcome.kind === 'answered' ? 'done' : decision === 'allow' || outcome.reference ? 'failed' : 'refused'
    const call: LiveCall = {
      ...this.#shape(received, trail, stage),
      effect: decision,
      durationMs: performance.now() - received.startedMs,
      ...(outcome.kind === 'refused' ? { code: outcome.error.code } : {}),
    }
    this.#running.delete(received.callId)
    this.#ended.unshift(call)
    if (this.#ended.length > keptEnded) this.#ended.pop()
    this.#tell(call)
  }

  list(): LiveCall[] {
    return [...[...this.#running.values()].reverse(), ...this.#ended]
  }

  #show(received: ReceivedCall, trail: CallTrail, stage: LiveCall['stage']): void {
    const call = this.#shape(received, trail, stage)
    this.#running.set(received.callId, call)
    this.#tell(call)
  }

  #shape(received: ReceivedCall, { facts }: CallTrail, stage: LiveCall['stage']): LiveCall {
    return {
      callId: received.callId,
      session: received.credential.sessionId,
      client: facts.client ?? received.credential.clientId,
      entry: plain(facts.entry ?? received.target),
      ...(facts.server ? { server: facts.server } : {}),
      stage,
      at: this.#now() as EpochMs,
    }
  }
}
