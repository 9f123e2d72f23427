import type { LiveCall } from '../../shared/contract/sessions.ts'
import type { TrailFacts } from '../../shared/domain/call.ts'
import type { EpochMs } from '../../shared/domain/ids.ts'
import { decisionOf, type Outcome, plain, type ReceivedCall } from './call-entry.ts'
import type { CallTrail } from './call-trail.ts'

const keptEnded = 50

interface Seen {
  readonly received: ReceivedCall
  readonly trail: CallTrail
  readonly stage: LiveCall['stage']
  readonly at: EpochMs
}

/** Calls as they happen, for Home: no arguments, no results. A call is put into words only for who looks. */
export class LiveCalls {
  readonly #tell: (call: LiveCall) => void
  readonly #isWatched: () => boolean
  readonly #now: () => number
  readonly #running = new Map<string, Seen>()
  /** The oldest first. */
  readonly #ended: LiveCall[] = []

  /**
   * @param tell a throwing listener is its owner's affair: it must not throw
   * @param isWatched whether anybody listens
   */
  constructor(tell: (call: LiveCall) => void, now: () => number, isWatched: () => boolean = () => true) {
    this.#tell = tell
    this.#now = now
    this.#isWatched = isWatched
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
      ...shapeOf({ received, trail, stage, at: this.#now() as EpochMs }),
      effect: decision,
      durationMs: performance.now() - received.startedMs,
      ...(outcome.kind === 'refused' ? { code: outcome.error.code } : {}),
    }
    this.#running.delete(received.callId)
    this.#ended.push(call)
    if (this.#ended.length > keptEnded) this.#ended.shift()
    if (this.#isWatched()) this.#tell(call)
  }

  list(): LiveCall[] {
    return [...[...this.#running.values()].reverse().map(shapeOf), ...this.#ended.toReversed()]
  }

  #show(received: ReceivedCall, trail: CallTrail, stage: LiveCall['stage']): void {
    const seen = { received, trail, stage, at: this.#now() as EpochMs }
    this.#running.set(received.callId, seen)
    if (this.#isWatched()) this.#tell(shapeOf(seen))
  }
}

function shapeOf({ received, trail: { facts }, stage, at }: Seen): LiveCall {
  return {
    callId: received.callId,
    session: received.credential.sessionId,
    client: facts.client ?? received.credential.clientId,
    entry: plain(facts.entry ?? received.target),
    ...(facts.server ? { server: facts.server } : {}),
    stage,
    at,
  }
}
