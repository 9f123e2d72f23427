import type { Cleared, Judged } from '../exchange.ts'
import type { ApprovalsPort, RoundsPort } from '../ports.ts'

/** Holds a call that must be asked until the person answers; lets an allowed one pass, and a later round of one. */
export async function clear(judged: Judged, approvals: ApprovalsPort, rounds: RoundsPort): Promise<Cleared> {
  const asks = judged.verdict.effect === 'ask'
  const carried = asks && judged.resumed ? rounds.carried(judged) : undefined
  if (asks && !carried) judged.trail.note({ stage: 'waiting' })
  const clearance = carried ?? (await approvals.clear(judged))
  judged.trail.note({ decision: 'allow', ...(clearance.id ? { approval: clearance.id } : {}) })
  judged.trail.lap('person')
  return { ...judged, clearance } as unknown as Cleared
}
