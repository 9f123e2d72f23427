import type { CellManifest } from '../../shared/contract/cell-manifest.ts'
import type { Session } from '../../shared/domain/call.ts'
import type { ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { SessionContext } from '../../shared/domain/session-context.ts'
import { contextPermission } from '../cells/write-manifest.ts'
import type { ContextOf } from '../supervisor/ports.ts'

export type SessionContextOf = (session: Session) => Promise<SessionContext | undefined>

/**
 * What a session is about, for a server whose manifest asks for it and that the person lets know (`servers set --context`).
 * A memory that cannot answer leaves the call without it.
 */
export function contextForServers(
  contextOf: SessionContextOf,
  manifestOf: (server: ServerName) => CellManifest | undefined,
): ContextOf {
  return async ({ server, session }) => {
    if (server.context !== true || server.workspace !== session.workspace || !asks(manifestOf(server.name)))
      return undefined
    const context = await contextOf(session).catch(() => undefined)
    return context && shown(context)
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
