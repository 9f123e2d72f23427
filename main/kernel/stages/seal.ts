import type { Reply } from '../../../shared/domain/call.ts'
import type { Dispatched } from '../exchange.ts'
import type { RoundsPort } from '../ports.ts'

/** A server that asks for more gets its state back unread; until then the client keeps it sealed. */
export function seal(dispatched: Dispatched, filtered: Reply, rounds: RoundsPort): Reply {
  return rounds.seal(dispatched, dispatched.reply, filtered)
}
