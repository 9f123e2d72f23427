import type { Admitted, Equipped } from '../exchange.ts'
import type { ApprovalsPort, CredentialsPort } from '../ports.ts'

/** Leases the secrets of this one server, and makes sure that what was approved is still what would be done. */
export async function equip(
  admitted: Admitted,
  credentials: CredentialsPort,
  approvals: ApprovalsPort,
): Promise<Equipped> {
  const secrets = await credentials.lease(admitted.server)
  approvals.confirm(admitted, admitted.clearance)
  return { ...admitted, secrets } as unknown as Equipped
}
