import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import { type AnswerStore, sameAnswers } from '../../approvals/answer-store.ts'
import type { Approvals } from '../../approvals/approvals.ts'

export function approvalsHandlers(approvals: Approvals, answers: AnswerStore): GatehouseHandlers['approvals'] {
  return {
    pending: () => approvals.pending(),
    list: ({ limit }) => ({ approvals: approvals.list(limit) }),
    show: ({ id }) => approvals.show(id),
    stats: ({ limit }) => {
      const counts = answers.all(limit)
      return { answers: counts, same: sameAnswers(counts) }
    },
    decide: async (decision, caller) => ({ decided: await approvals.decide(decision, caller.description) }),
  }
}
