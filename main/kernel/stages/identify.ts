import { storeTampered } from '../../../shared/errors.ts'
import type { Identified, Received } from '../exchange.ts'
import type { ClientsPort, RecordsPort } from '../ports.ts'

/**
 * Nobody is known while the records that say so are not as they were left. Who calls: client, session, workspace, looked up anew for every call, so that a
 * revocation takes effect at once.
 *
 * @throws store.tampered, and what `clients` throws
 */
export function identify(received: Received, clients: ClientsPort, records: RecordsPort): Identified {
  if (!records.isSound()) throw storeTampered()
  const { client, session } = clients.identify(received.credential)
  received.trail.note({ client: client.name, clientId: client.id, sessionId: session.id, workspace: client.workspace })
  return { ...received, client, session } as Identified
}
