import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { Session } from '../../shared/domain/call.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { SessionContext } from '../../shared/domain/session-context.ts'
import { contextPermission } from '../cells/write-manifest.ts'
import type { FiltersPort } from '../kernel/ports.ts'
import type { ContextOf } from '../supervisor/ports.ts'

export type SessionContextOf = (session: Session) => Promise<SessionContext | undefined>

/**
 * What a session is about, for a server whose manifest asks for it and that the person lets know (`servers set --context`).
 * It is looked through as arguments of a call to that server are: what is to be removed there is removed, and what is to be
 * blocked leaves the call without it, as does a memory that cannot answer.
 */
export function contextForServers(
  contextOf: SessionContextOf,
  manifestOf: (server: ServerName) => CellManifest | undefined,
  filters: () => Pick<FiltersPort, 'call'>,
): ContextOf {
  return async ({ server, entry, session }) => {
    if (server.context !== true || server.workspace !== session.workspace || !asks(manifestOf(server.name)))
      return undefined
    const context = await contextOf(session).catch(() => undefined)
    if (context === undefined) return undefined
    try {
      return filters().call({ server, entry, arguments: shown(context) }).arguments
    } catch {
      return undefined // blocked: the call itself holds nothing of it
    }
  }
}

const asks = (manifest: CellManifest | undefined): boolean =>
  manifest?.security.permissions.some(
    ({ resource, actions }) => resource === contextPermission.resource && actions.includes('read'),
  ) ?? false

/** Without who set it and its session’s id. */
const shown = ({ goals, task, tags, turn, history, labels }: SessionContext): JsonObject => ({
  goals: [...goals],
  ...(task === undefined ? {} : { task }),
  tags: [...tags],
  turn,
  history: history.map((past) => ({ ...past, goals: [...past.goals] })),
  labels: [...labels],
})
