import type { Identified, Received } from '../exchange.ts'
import type { ClientsPort } from '../ports.ts'

/** Who calls: client, session, workspace, looked up anew for every call, so that a revocation takes effect at once. */
export function identify(received: Received, clients: ClientsPort): Identified {
  const { client, session } = clients.identify(received.credential)
  received.trail.note({ client: client.name, clientId: client.id, sessionId: session.id, workspace: client.workspace })
  return { ...received, client, session } as Identified
}
