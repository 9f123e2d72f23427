import type {
  Answering,
  CallFacts,
  Clearance,
  Client,
  Credential,
  ExchangeMethod,
  JudgedCall,
  PathFact,
  Reply,
  ResumedRound,
  Session,
} from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { FlowFact } from '../../shared/domain/flow.ts'
import type { ServerName, SessionId } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { Verdict } from '../../shared/domain/verdict.ts'
import type { Equipped, Judged, Received } from './exchange.ts'

/** What the kernel needs of everyone else. Implemented by the areas, connected in `compose.ts`. */
export interface KernelParts {
  readonly audit: AuditPort
  readonly records: RecordsPort
  readonly clients: ClientsPort
  readonly limits: LimitsPort
  readonly catalog: CatalogPort
  readonly cells: CellsPort
  readonly filters: FiltersPort
  readonly rounds: RoundsPort
  readonly flow: FlowPort
  readonly permissions: PermissionsPort & BudgetsPort
  readonly approvals: ApprovalsPort
  readonly credentials: CredentialsPort
  readonly servers: ServersPort
}

export interface AuditPort {
  /** Runs `work`, then seals and appends the entry before the answer leaves; also for refusals and crashes. */
  recorded(received: Received, work: () => Promise<Reply>): Promise<Reply>
  /** A durable entry before an effect: from here on the server may act. @throws audit.unwritable */
  intend(call: Equipped): void
}
export interface RecordsPort {
  /** Whether the records that give rights are as Gatehouse left them. */
  isSound(): boolean
}
export interface ClientsPort {
  /** @throws client.unpaired, client.revoked, client.suspended, session.ended */
  identify(credential: Credential): { readonly client: Client; readonly session: Session }
  /** What keeps the session's API key from a call, if anything does: its scopes, in words. */
  beyondKey(
    session: Session,
    call: { readonly server: ServerName; readonly entry: CatalogEntry; readonly action: Verdict['action'] },
  ): string | undefined
}
export interface LimitsPort {
  /** @param credential what the session stands on. @throws limits.rate, limits.quota */
  throttle(client: Client, method: ExchangeMethod, credential?: string): void
  /** Waits for a slot of this server; the deadline starts when it resolves. Sleep of the machine is not counted. */
  admit(
    call: JudgedCall,
    signal: AbortSignal,
  ): Promise<{ readonly deadline: AbortSignal; readonly deadlineMs: number; atWork?(): void; release(): void }>
  /** What came back counts for the quotas of the next call. */
  replied(call: JudgedCall, reply: Reply): void
}
export interface CatalogPort {
  /** @throws catalog.unknown, catalog.quarantined, server.disabled */
  resolve(request: {
    readonly method: ExchangeMethod
    readonly target: string
    readonly view?: ServerName
    readonly client: Client
    readonly session: Session
    readonly extra?: JsonObject
  }): { readonly server: ServerConfig; readonly entry: CatalogEntry }
  /** Whether what is asked for is there, in a workspace that is not the client's. */
  isForeign(request: {
    readonly method: ExchangeMethod
    readonly target: string
    readonly view?: ServerName
    readonly session: Session
  }): boolean
  /** Checks arguments against the entry's schema. @returns the problem, or undefined. Bounded in time and size. */
  check(entry: CatalogEntry, value: JsonObject): string | undefined
}
export interface CellsPort {
  /**
   * The server is what was registered, and may be used for this.
   * @throws cell.pending, cell.suspended, cell.revoked, cell.undeclared
   */
  requireFor(server: ServerConfig, entry: CatalogEntry): void
}
export interface FiltersPort {
  /** May block (throws filters.blocked) or return changed arguments. */
  call(input: { readonly server: ServerConfig; readonly entry: CatalogEntry; readonly arguments: JsonObject }): {
    readonly arguments: JsonObject
    readonly changed: boolean
    readonly labels: readonly string[]
    readonly paths: readonly PathFact[]
    readonly urls: readonly string[]
    readonly commands: readonly string[]
  }
  /** @throws filters.blocked for what cannot carry a note instead */
  reply(input: {
    readonly server: ServerConfig
    readonly entry: CatalogEntry
    readonly reply: Reply
    /** Not the answer itself, but what a server asks or tells its client meanwhile. */
    readonly way?: 'asked' | 'told'
  }): {
    readonly reply: Reply
    readonly labels: readonly string[]
    /** Secrets that stand in the answer that is passed on. */
    readonly secrets?: readonly string[]
  }
}
/** What a session read before, implemented by `flow/`. */
export interface FlowPort {
  /** @returns undefined when nothing can leave, or nothing is known that must not */
  trace(call: CallFacts): FlowFact | undefined
  /** It goes to its server now, whatever comes back. */
  leaves(call: CallFacts): void
  /** What an answer brings into the session. */
  answered(call: Answering, found: { readonly labels: readonly string[]; readonly secrets: readonly string[] }): void
}
/** Rounds of one call, implemented by `rounds.ts`. */
export interface RoundsPort {
  /** @throws arguments.round when the state is not one of this call */
  open(call: CallFacts): { readonly extra: JsonObject; readonly resumed: ResumedRound } | undefined
  /** What the person allowed in an earlier round, if it covers this one. */
  carried(call: JudgedCall): Clearance | undefined
  /** @param given the server's answer before it was filtered */
  seal(call: JudgedCall & { readonly clearance: Clearance }, given: Reply, reply: Reply): Reply
}
export interface PermissionsPort {
  /** Pure: same call, same rules, same verdict. Any evaluation error denies. */
  evaluate(call: CallFacts): Verdict
}
export interface BudgetsPort {
  /** Checks and counts one use of a grant with a budget. @throws policy.denied when it is used up */
  spend(call: JudgedCall): void
}
export interface ApprovalsPort {
  /** The call a client's `gatehouse__await_approval` stands for. @throws approvals.unknown */
  held(
    id: string,
    client: Client,
  ): {
    readonly method: ExchangeMethod
    readonly target: string
    readonly view?: ServerName
    readonly arguments: JsonObject
    readonly extra?: JsonObject
  }
  /** Passes an allowed call, holds one that must be asked. @throws approvals.denied, expired, cancelled, waiting, flood */
  clear(call: Judged): Promise<Clearance>
  /** The file the diff was made from is still the same. @throws approvals.stale */
  confirm(call: JudgedCall, clearance: Clearance): void
}
export interface CredentialsPort {
  /** The secrets this server, and only this server, declared. @throws keys.unavailable */
  lease(server: ServerConfig, session: SessionId): Promise<Readonly<Record<string, string>>>
}
export interface ServersPort {
  dispatch(call: Equipped): Promise<Reply>
  /** Every process kept for a session ends with it. */
  endSession(session: SessionId): void
}
