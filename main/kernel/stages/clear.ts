import type { Cleared, Judged } from '../exchange.ts'
import type { ApprovalsPort } from '../ports.ts'

/** Holds a call that must be asked until the person answers; lets an allowed one pass. */
export async function clear(judged: Judged, approvals: ApprovalsPort): Promise<Cleared> {
  if (judged.verdict.effect === 'ask') judged.trail.note({ stage: 'waiting' })
  const clearance = await approvals.clear(judged)
  judged.trail.note({ decision: 'allow', ...(clearance.id ? { approval: clearance.id } : {}) })
  return { ...judged, clearance } as unknown as Cleared
}
