import type { Reply } from '../../shared/domain/call.ts'
import { canonicalJson } from '../../shared/domain/canonical-json.ts'
import { isFace } from '../../shared/domain/server.ts'
import type { Equipped } from '../kernel/exchange.ts'
import { untilAborted } from './until-aborted.ts'

interface Flight {
  readonly reply: Promise<Reply>
  /** Nobody waits any more: each cancelled, or the last was out of time. */
  readonly cancelled: AbortController
  readonly overdue: AbortController
  passengers: number
}

/**
 * Identical concurrent calls reach a server once. Each was judged and is recorded and answered on its own; one that is
 * cancelled leaves the others alone, and only when all are cancelled is the server told.
 */
export class Coalescing {
  readonly #flights = new Map<string, Flight>()
  /** Calls that were answered by another's. */
  joined = 0

  /** @param send carries the first of them; its signals are no longer those of one client */
  async join(call: Equipped, send: (call: Equipped) => Promise<Reply>): Promise<Reply> {
    const key = keyOf(call)
    const present = this.#flights.get(key)
    if (present !== undefined) this.joined += 1
    const flight = present ?? this.#begin(key, call, send)
    flight.passengers += 1
    try {
      return await untilAborted(flight.reply, [call.signal, call.deadline])
    } finally {
      flight.passengers -= 1
      if (flight.passengers === 0) {
        if (this.#flights.get(key) === flight) this.#flights.delete(key)
        const left = call.deadline.aborted ? flight.overdue : flight.cancelled
        left.abort(new Error('nobody waits for it any more'))
      }
    }
  }

  #begin(key: string, call: Equipped, send: (call: Equipped) => Promise<Reply>): Flight {
    const cancelled = new AbortController()
    const overdue = new AbortController()
    const reply = send({ ...call, signal: cancelled.signal, deadline: overdue.signal }).finally(() => {
      if (this.#flights.get(key)?.reply === reply) this.#flights.delete(key)
    })
    reply.catch(() => {}) // each passenger hears of it
    const flight = { reply, cancelled, overdue, passengers: 0 }
    this.#flights.set(key, flight)
    return flight
  }
}

/**
 * Only where the person trusted the server and asked for it, the call reads, and nothing about the call but its
 * arguments can matter: no progress is wanted, no metadata, no answers to a server's questions.
 */
export function mayCoalesce(call: Equipped): boolean {
  const { server, method, verdict } = call
  if (isFace(server)) return false // its engine does each call once, and notes who read what
  if (server.context) return false // each session's call carries what that session is about
  if (server.running?.coalesce !== true || !server.trusted || verdict.action !== 'read') return false
  if (method !== 'tools/call' || call.extra !== undefined || call.clearance.expectContent !== undefined) return false
  return call.meta === undefined || Object.keys(call.meta).length === 0
}

/**
 * One client's only: the server may ask it something on the way. A process of one session's own answers that session only;
 * what a client can do may change what is answered.
 */
function keyOf({ entry, canonical, session, client, server, peer }: Equipped): string {
  const whose = server.shared ? client.id : `${client.id}\n${session.id}`
  return `${entry.server}\n${entry.pin}\n${entry.name}\n${whose}\n${canonicalJson(peer.capabilities)}\n${peer.protocol}\n${canonical}`
}
