import type {
  CallFacts,
  Clearance,
  Client,
  ClientPeer,
  Credential,
  Door,
  ExchangeMethod,
  JudgedCall,
  Reply,
  Session,
  Trail,
  Unhurried,
} from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { CallId, EpochMs, ServerName } from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'

/**
 * A call on its way. Each stage takes what the one before made and returns what only it may make: the `stage` mark has
 * no value a program could write, and `test/architecture/stages.test.ts` allows each cast in one file only.
 */
declare const stage: unique symbol
type Made<T, S extends string> = T & { readonly [stage]: S }

/** As a door hands it in. Nothing in it is checked yet but the credential. */
export interface Received {
  readonly callId: CallId
  readonly receivedAt: EpochMs
  /** Monotonic, `performance.now()`. */
  readonly startedMs: number
  readonly door: Door
  readonly credential: Credential
  readonly method: ExchangeMethod
  /** Tool or prompt name, or resource URI, as the client wrote it. */
  readonly target: string
  /** Only this server's entries, under their own names (`--server NAME`, `/mcp/servers/NAME`). */
  readonly view?: ServerName
  /** `arguments` of tools and prompts, else the remaining parameters. */
  readonly arguments: unknown
  /** The request's `_meta` without Gatehouse's own keys. */
  readonly meta?: JsonObject
  /** Members of the parameters that are neither name, arguments nor `_meta`: `inputResponses`, `requestState`, `ref` … */
  readonly extra?: JsonObject
  readonly peer: ClientPeer
  /** Aborts when the client cancels or leaves. */
  readonly signal: AbortSignal
  readonly trail: Trail
  /** The client follows it as a task. */
  readonly unhurried?: Unhurried
}

export type Identified = Made<Received & { readonly client: Client; readonly session: Session }, 'identified'>
export type Resolved = Made<
  Omit<Identified, typeof stage> & { readonly server: ServerConfig; readonly entry: CatalogEntry },
  'resolved'
>
export type Validated = Made<
  Omit<Resolved, typeof stage | 'arguments'> & { readonly arguments: JsonObject },
  'validated'
>
export type Filtered = Made<Omit<Validated, typeof stage> & CallFacts, 'filtered'>
/** With the server's own state in place of the sealed one. */
export type Resumed = Made<Omit<Filtered, typeof stage>, 'resumed'>
/** With what the session read before, where that bears on what would go out. */
export type Traced = Made<Omit<Resumed, typeof stage>, 'traced'>
export type Judged = Made<Omit<Traced, typeof stage> & JudgedCall, 'judged'>
export type Cleared = Made<Omit<Judged, typeof stage> & { readonly clearance: Clearance }, 'cleared'>
export type Admitted = Made<
  Omit<Cleared, typeof stage> & {
    readonly deadline: AbortSignal
    readonly deadlineMs: number
    /** Its server answered with a task of its own: the call needs no slot of the server any longer. */
    readonly atWork?: () => void
  },
  'admitted'
>
/** Accepts only what came through clear(); `env` holds secrets, never logged. */
export type Equipped = Made<
  Omit<Admitted, typeof stage> & {
    readonly secrets: Readonly<Record<string, string>>
    /** What its session is about, once its server is known to ask for that and to be allowed it. */
    readonly context?: JsonObject
  },
  'equipped'
>
export type Dispatched = Made<Omit<Equipped, typeof stage> & { readonly reply: Reply }, 'dispatched'>
