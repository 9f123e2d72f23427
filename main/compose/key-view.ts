import type { Session } from '../../shared/domain/call.ts'
import { covers } from '../../shared/domain/key-scope.ts'
import type { Narrowed } from '../catalog/listings.ts'
import type { Clients } from '../clients/clients.ts'
import { classifyAction } from '../permissions/classify-action.ts'

/**
 * What a session's API key may use, of what its app sees; undefined without a key or without scopes. Gatehouse's own tools
 * stay: they speak of nothing else, and carry only calls that are judged themselves. Whether a tool only reads is judged
 * without arguments.
 */
export function keyView(clients: Pick<Clients, 'scopesOf'>, session: Session): Narrowed | undefined {
  const scopes = clients.scopesOf(session)
  if (scopes.length === 0) return undefined
  return {
    id: JSON.stringify(scopes),
    sees: (entry, server) => {
      if (entry.server === 'gatehouse') return true
      if (server === undefined) return false
      const action = classifyAction({ server, entry, arguments: {}, commands: [] })
      return covers(scopes, { server: entry.server, entry, action })
    },
  }
}
