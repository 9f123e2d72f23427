import type { GatehouseHandlers } from '../../../shared/contract/contract.ts'
import type { AnswerStore } from '../../approvals/answer-store.ts'
import type { Approvals } from '../../approvals/approvals.ts'
import { sameAnswers } from '../../approvals/same-answers.ts'
import type { Permissions } from '../../permissions/permissions.ts'

export function approvalsHandlers(
  approvals: Approvals,
  answers: AnswerStore,
  permissions: Pick<Permissions, 'grants'>,
): GatehouseHandlers['approvals'] {
  return {
    pending: () => approvals.pending(),
    list: ({ limit }) => ({ approvals: approvals.list(limit) }),
    show: ({ id }) => approvals.show(id),
    stats: ({ limit }) => {
      const counts = answers.all(limit)
      return { answers: counts, same: sameAnswers(counts, holdingNow(permissions)) }
    },
    decide: async (decision, caller) => ({ decided: await approvals.decide(decision, caller.description) }),
  }
}

function holdingNow(permissions: Pick<Permissions, 'grants'>) {
  const now = Date.now()
  const holding = permissions.grants().filter(({ suspended }) => suspended === undefined)
  return holding.map(({ grant }) => grant).filter(({ expiresAt }) => expiresAt === undefined || expiresAt > now)
}
