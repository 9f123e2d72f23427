import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { Approvals } from '../../approvals/approvals.ts'

export function approvalsHandlers(approvals: Approvals): GatehouseHandlers['approvals'] {
  return {
    pending: () => approvals.pending(),
    list: ({ limit }) => ({ approvals: approvals.list(limit) }),
    show: ({ id }) => approvals.show(id),
    decide: async (decision, caller) => ({ decided: await approvals.decide(decision, caller.description) }),
  }
}
