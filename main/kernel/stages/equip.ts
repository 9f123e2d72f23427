import type { Admitted, Equipped } from '../exchange.ts'
import type { ApprovalsPort, BudgetsPort, ClientsPort, CredentialsPort } from '../ports.ts'

/**
 * Leases the secrets of this one server, and makes sure that what was approved is still what would be done, for a client
 * that may still call: it may have been revoked while the call waited. Takes one use of a grant that has a budget.
 */
export async function equip(
  admitted: Admitted,
  credentials: CredentialsPort,
  approvals: ApprovalsPort,
  clients: ClientsPort,
  budgets: BudgetsPort,
): Promise<Equipped> {
  const secrets = await credentials.lease(admitted.server)
  clients.identify(admitted.credential)
  approvals.confirm(admitted, admitted.clearance)
  budgets.spend(admitted)
  return { ...admitted, secrets } as unknown as Equipped
}
