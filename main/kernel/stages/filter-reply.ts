import type { Reply } from '../../../shared/domain/call.ts'
import type { Dispatched } from '../exchange.ts'
import type { FiltersPort, FlowPort } from '../ports.ts'

/** Redacts and caps what a server answered, and notes the labels it brings into the session. */
export function filterReply(dispatched: Dispatched, filters: FiltersPort, flow: FlowPort): Reply {
  const { reply, labels, secrets = [] } = filters.reply(dispatched)
  flow.answered(dispatched, { labels, secrets })
  if (labels.length > 0) dispatched.trail.note({ labels })
  dispatched.trail.lap('reply')
  return reply
}
