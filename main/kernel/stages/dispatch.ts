import type { Dispatched, Equipped } from '../exchange.ts'
import type { AuditPort, FlowPort, LimitsPort, ServersPort } from '../ports.ts'

/** Sends the judged, frozen value to the server. A call that may change something leaves a durable intent first. */
export async function dispatch(
  equipped: Equipped,
  servers: ServersPort,
  audit: AuditPort,
  limits: LimitsPort,
  flow: FlowPort,
): Promise<Dispatched> {
  if (equipped.verdict.action !== 'read') audit.intend(equipped)
  equipped.trail.note({ stage: 'running' })
  equipped.trail.lap('prepare')
  flow.leaves(equipped)
  const reply = await servers.dispatch(equipped)
  equipped.trail.lap('server')
  limits.replied(equipped, reply)
  return { ...equipped, reply } as unknown as Dispatched
}
