import { endedFoldersRule, isOver } from '../../../shared/domain/folder-rights.ts'
import { policyDenied } from '../../../shared/errors.ts'
import type { Admitted, Equipped } from '../exchange.ts'
import type { ApprovalsPort, BudgetsPort, ClientsPort, CredentialsPort } from '../ports.ts'

/**
 * Leases the secrets of this one server, and makes sure that what was approved is still what would be done, for a client
 * that may still call, in folders that may still be used: it may have been revoked, and they may have ended, while the
 * call waited. Takes one use of a grant that has a budget.
 */
export async function equip(
  admitted: Admitted,
  credentials: CredentialsPort,
  approvals: ApprovalsPort,
  clients: ClientsPort,
  budgets: BudgetsPort,
): Promise<Equipped> {
  const secrets = await credentials.lease(admitted.server, admitted.session.id)
  clients.identify(admitted.credential)
  approvals.confirm(admitted, admitted.clearance)
  if (admitted.paths.some(({ allowedBy }) => allowedBy && isOver(allowedBy)))
    throw policyDenied(admitted.entry.name, endedFoldersRule)
  budgets.spend(admitted)
  return { ...admitted, secrets } as unknown as Equipped
}
