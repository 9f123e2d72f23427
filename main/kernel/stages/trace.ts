import type { Resumed, Traced } from '../exchange.ts'
import type { FlowPort } from '../ports.ts'

/** What the session read before, against where this call goes: a fact for the rules, decided by nothing the server says. */
export function trace(resumed: Resumed, flow: FlowPort): Traced {
  const found = flow.trace(resumed)
  if (found) resumed.trail.note({ labels: [`flow-${found.kind}`] })
  return (found ? { ...resumed, flow: found } : resumed) as unknown as Traced
}
