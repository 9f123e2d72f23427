import type { Admitted, Equipped } from '../exchange.ts'
import type { ApprovalsPort, ClientsPort, CredentialsPort } from '../ports.ts'

/**
 * Leases the secrets of this one server, and makes sure that what was approved is still what would be done, for a client
 * that may still call: it may have been revoked while the call waited.
 */
export async function equip(
  admitted: Admitted,
  credentials: CredentialsPort,
  approvals: ApprovalsPort,
  clients: ClientsPort,
): Promise<Equipped> {
  const secrets = await credentials.lease(admitted.server)
  clients.identify(admitted.credential)
  approvals.confirm(admitted, admitted.clearance)
  return { ...admitted, secrets } as unknown as Equipped
}
