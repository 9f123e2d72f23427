import type { Approvals } from '../approvals/approvals.ts'
import type { FiltersPort, FlowPort, PermissionsPort } from '../kernel/ports.ts'
import { type AskNote, ServerAsks, type ToldNote } from '../kernel/server-asks.ts'
import type { ToClient } from '../supervisor/to-client.ts'
import type { Foundation } from './foundation.ts'

/** What decides over what servers ask and tell clients, built after the servers are. */
export interface AsksJudges {
  readonly permissions: PermissionsPort
  readonly filters: FiltersPort
  readonly flow: FlowPort
  readonly approvals: Pick<Approvals, 'clear'>
}

export function buildServerAsks({ audit }: Pick<Foundation, 'audit'>, judges: () => AsksJudges): ServerAsksRoad {
  const asks = new ServerAsks({
    permissions: () => judges().permissions,
    filters: () => judges().filters,
    flow: () => judges().flow,
    clear: (answer) => judges().approvals.clear(answer),
    asked: (note) => void audit.append(askEvent(note)),
    told: (note) => void audit.append(toldEvent(note)),
  })
  return {
    asked: (call, method, params) => asks.asked(call, method, params),
    answered: (call, method, answer, by) => asks.answered(call, method, answer, by),
    told: (source, params) => asks.told(source, params),
  }
}

type ServerAsksRoad = Omit<ToClient, 'person'>

const refusals = {
  rule: 'refused: your rules do not allow it',
  rate: 'refused: it asked too often',
  filter: 'refused: a filter found something in it',
  answer: 'the answer did not go to it: a filter found something in it',
  flow: 'the answer did not go to it: nobody allowed that what was read in the session leaves by it',
} as const

function askEvent({ call: { server, client, session }, method, entry, labels, refused }: AskNote) {
  const asked = `“${server.name}” asked ${client.name} something (${method}) while its call ran`
  return {
    action: 'server.asks',
    severity: refused ? ('notice' as const) : ('info' as const),
    summary: refused ? `${asked}; ${refusals[refused]}` : asked,
    decision: refused ? 'deny' : 'allow',
    server: server.name,
    client: client.name,
    session: session.id,
    tool: entry,
    ...(labels.length > 0 ? { labels } : {}),
  }
}

const toldEvent = ({ call: { server, client, session }, entry, labels }: ToldNote) => ({
  action: 'server.tells',
  severity: 'info' as const,
  summary: `Filters found something in what “${server.name}” told ${client.name} while it worked`,
  server: server.name,
  client: client.name,
  session: session.id,
  tool: entry,
  labels,
})
