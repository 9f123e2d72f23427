import type { Reply } from '../../shared/domain/call.ts'
import type { SessionId } from '../../shared/domain/ids.ts'
import type { Received } from '../kernel/exchange.ts'

/** Counts every call for its session. A count that fails changes nothing about the call: it is over, and recorded. */
export function counted(
  handle: (received: Received) => Promise<Reply>,
  count: (session: SessionId, refused: boolean) => void,
  onProblem: (error: unknown) => void,
): (received: Received) => Promise<Reply> {
  return async (received) => {
    let refused = true
    try {
      const reply = await handle(received)
      refused = false
      return reply
    } finally {
      tally(received.credential.sessionId, refused)
    }
  }

  function tally(session: SessionId, refused: boolean): void {
    try {
      count(session, refused)
    } catch (error) {
      onProblem(error)
    }
  }
}
