import type { Client, Door, Reply, Session, Trail } from '../../shared/domain/call.ts'
import type { EntryKind } from '../../shared/domain/catalog.ts'
import type { ClientId, ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { Received } from '../kernel/exchange.ts'

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
  readonly notices: GatewayNotices
  readonly newTrail: () => Trail
  /** Where what goes wrong outside a call is told. No contents. */
  readonly onError: (error: unknown) => void
  readonly version: string
}

/** What a session may see, already under the names it is to be shown by. */
export interface GatewayCatalog {
  list(kind: EntryKind, viewer: Viewer): readonly JsonObject[]
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
  readonly view?: ServerName
}
export interface OpenedSession {
  readonly client: Client
  readonly session: Session
}
export interface GatewaySessions {
  /** A fresh session for a client that proved itself at another door. @throws client.unpaired, client.revoked, client.suspended */
  open(request: OpenSession): OpenedSession
  /** A session the bridge's handshake opened or resumed. @throws client.unpaired, client.revoked, client.suspended */
  find(session: SessionId): OpenedSession
  /** The session is over, and everything kept for it with it. */
  end(session: SessionId): void
}

/** What servers tell a session outside of any call: `notifications/resources/updated`, `notifications/message`. */
export interface GatewayNotices {
  subscribe(session: SessionId, listener: (method: string, params: JsonObject) => void): () => void
}
