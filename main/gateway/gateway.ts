import type { Client, ClientPeer, Door, Reply, Session, Trail } from '../../shared/domain/call.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { ClientId, ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Received } from '../kernel/exchange.ts'
import type { TaskDesk } from './tasks/task-desk.ts'
import type { Unread } from './unread.ts'

/**
 * The doors AI apps come in by: the bridge's socket and the HTTP endpoint. A door proves who is there, opens a session
 * and turns every request into a `Received` for the kernel. It decides nothing, knows no server and keeps no catalog;
 * it alone turns Gatehouse's codes into protocol errors.
 */
export interface GatewayParts {
  /** The kernel. There is no other way to a server. */
  readonly handle: (received: Received) => Promise<Reply>
  readonly catalog: GatewayCatalog
  readonly sessions: GatewaySessions
  /** Whether requests of this client under names from before the first revision are taken; told that it uses them. */
  readonly takesOldNames?: (client: Client) => boolean
  /** Long calls of clients that use tasks. */
  readonly tasks?: TaskDesk
  /** A notification of a client to the servers of its session. */
  readonly tellServers?: (session: SessionId, method: 'notifications/roots/list_changed') => void
  /** A session of a 2025-era client may call from now on. */
  readonly onReady?: (session: SessionId, peer: ClientPeer) => void
  readonly newTrail: () => Trail
  /** What standing connections leave unread, bounded over all of them; each by itself when there is none. */
  readonly unread?: Unread
  /** Where what goes wrong outside a call is told. No contents. */
  readonly onError: (error: unknown) => void
  readonly version: string
}

/** What a session may see, already under the names it is to be shown by. */
export interface GatewayCatalog {
  list(kind: EntryKind, viewer: Viewer): readonly JsonObject[]
  /** One tool of that list, by the name it is shown under. */
  tool(name: string, viewer: Viewer): JsonObject | undefined
  /** What the servers in that view say to the model about themselves, as the person accepted it. */
  instructions(viewer: Viewer): string | undefined
  /** Told when lists of this kind may have changed. @returns the way to stop */
  onChanged(listener: (kind: EntryKind) => void): () => void
}
export interface Viewer {
  readonly client: Client
  readonly session: Session
  /** Only this server's entries, under their own names. */
  readonly view?: ServerName
}

export interface OpenSession {
  readonly clientId: ClientId
  readonly door: Door
  /** What the caller proved who it is with. */
  readonly credentialId?: string
  readonly view?: ServerName
}
export interface OpenedSession {
  readonly client: Client
  readonly session: Session
}
export interface GatewaySessions {
  /** A fresh session for a client that proved itself at another door. @throws client.unpaired, client.revoked, client.suspended */
  open(request: OpenSession): OpenedSession
  /** A session that is going on, and its client. @throws client.unpaired, client.revoked, client.suspended, session.ended */
  find(session: SessionId): OpenedSession
  /** A sign of life, with the revision its client speaks where that is known. */
  touch?(session: SessionId, protocol?: string): void
  /** Its connection is gone; it may come back. */
  leave?(session: SessionId): void
  /** Told when a session ended, whoever ended it: its connections and calls end too. @returns the way to stop */
  onEnded?(listener: (session: SessionId) => void): () => void
  /** The session is over, and everything kept for it with it. */
  end(session: SessionId): void
}
