import type { CatalogEntry } from './catalog.ts'
import type { FlowFact } from './flow.ts'
import type { AllowedPath } from './folder-rights.ts'
import type { CallId, ClientId, EntryName, EpochMs, ServerName, SessionId, Sha256, WorkspaceName } from './ids.ts'
import type { Json, JsonObject } from './json.ts'
import type { CallStep } from './metrics.ts'
import type { ServerConfig } from './server.ts'
import type { Verdict } from './verdict.ts'

/** Every client-to-server method that reaches a server: each is an exchange on the one path. */
export const exchangeMethods = [
  'tools/call',
  'resources/read',
  'resources/subscribe',
  'resources/unsubscribe',
  'prompts/get',
  'completion/complete',
] as const
export type ExchangeMethod = (typeof exchangeMethods)[number]

export type Door = 'bridge' | 'http' | 'cli' | 'window'

/** Who made a program: the signer of its code, the package it belongs to, or, where neither is known, its SHA-256. */
export interface ProgramIdentity {
  readonly kind: 'signature' | 'package' | 'hash'
  readonly name: string
}

/** A program as the operating system shows it. Evidence, not proof. */
export interface Program {
  readonly pid: number
  readonly name: string
  readonly executable: string
  /** When the process began, where the system tells: the same pid later may be someone else. */
  readonly startedAt?: EpochMs
  readonly identity?: ProgramIdentity
  /** Nearest first. */
  readonly parents: readonly string[]
}

export type ClientState = 'paired' | 'suspended' | 'revoked'
export interface Client {
  readonly id: ClientId
  readonly name: string
  readonly workspace: WorkspaceName
  readonly state: ClientState
  readonly pairedAt: EpochMs
  readonly program?: Program
}

export type SessionState = 'initializing' | 'active' | 'idle' | 'suspended' | 'expired' | 'terminated' | 'error'
export interface Session {
  readonly id: SessionId
  readonly client: ClientId
  readonly workspace: WorkspaceName
  readonly door: Door
  readonly state: SessionState
  /** What its caller proved who it is with, over HTTP: the id of an API key, or of a family of tokens. */
  readonly credential?: string
}

/** What a door proved about its caller (HMAC handshake, API key, the app itself); never what the caller says. */
export interface Credential {
  readonly clientId: ClientId
  readonly sessionId: SessionId
  readonly program?: Program
}

/** The way back to the client while a call runs. Every method may be called after the client left; then it does nothing or rejects. */
export interface ClientPeer {
  /** The protocol revision the client speaks, e.g. `2025-11-25`. */
  readonly protocol: string
  readonly capabilities: JsonObject
  /** Sends notifications/progress if the client asked for it. */
  readonly progress: (progress: { progress: number; total?: number; message?: string }) => void
  /** A request a server makes of the client: sampling/createMessage, elicitation/create, roots/list. */
  readonly request: (method: string, params: JsonObject, signal: AbortSignal) => Promise<JsonObject>
  /** notifications/message and the like. */
  readonly notify: (method: string, params: JsonObject) => void
  /** The server ended that told of the resource this call subscribed to. */
  readonly lost?: () => void
  /** The server works on the call as a task of its own, with this id; told again with what it says of its state. */
  readonly atWork?: (serverTask: string, statusMessage: string | undefined) => void
}

/** How a call is made whose client polls for the answer: nobody sits there waiting for it. */
export interface Unhurried {
  /** Milliseconds its server may take. */
  readonly deadlineMs: number
  /** The server's own task to go on with after a restart: the call was made before, nothing but its answer is fetched. */
  readonly resumes?: string
}

/** A path found in the arguments, judged by our own path code (real path, case, Unicode). */
export interface PathFact {
  /** JSON pointer of where it stands in the arguments. */
  readonly pointer: string
  readonly given: string
  /** Real path, symlinks resolved as far as the path exists. */
  readonly real: string
  /** The most specific allowed folder it lies in, if any. */
  readonly allowedBy?: AllowedPath
}

/** What judging and asking need to know of a call: plain data, arguments deeply frozen. */
export interface CallFacts {
  readonly callId: CallId
  readonly client: Client
  readonly session: Session
  readonly server: ServerConfig
  readonly entry: CatalogEntry
  readonly method: ExchangeMethod
  readonly arguments: JsonObject
  /** RFC 8785 text of `arguments`: what is hashed, and what is sent. */
  readonly canonical: string
  /** The other parameters, frozen too: answers to a server's questions, its state, a completion's reference. */
  readonly extra?: JsonObject
  /** Set for a later round of a call. */
  readonly resumed?: ResumedRound
  readonly paths: readonly PathFact[]
  readonly urls: readonly string[]
  readonly commands: readonly string[]
  /** What filters found in the arguments. */
  readonly labels?: readonly string[]
  /** Set when the call may send out what its session must not lose unasked. */
  readonly flow?: FlowFact
  /** It is what was answered to a question of the server's own, on its way there. */
  readonly answers?: true
}

/** Where a call goes on whose server first asked for more. @see MCP 2026-07-28, multi round-trip requests */
export interface ResumedRound {
  /** The state as the client keeps it; the parameters hold the server's own. */
  readonly sealed: string
  /** Counted from 1. */
  readonly round: number
  /** What the person allowed in an earlier round, and a fingerprint of what that was about. */
  readonly approval?: { readonly id: string; readonly nature: Sha256 }
}

export interface JudgedCall extends CallFacts {
  readonly verdict: Verdict
  readonly unhurried?: Unhurried
}

/** Whose answer something is: what its session may have read by it. */
export type Answering = Pick<
  JudgedCall,
  'client' | 'session' | 'server' | 'entry' | 'arguments' | 'paths' | 'urls' | 'verdict'
>

/** Why a call may go on. `expectContent` pins a file to the content its diff was made from. */
export interface Clearance {
  readonly by: 'rule' | 'grant' | 'approval'
  readonly id?: string
  readonly expectContent?: { readonly path: string; readonly sha256: Sha256 | 'absent' }
}

/** A server's answer: a result, or the server's own JSON-RPC error, passed on as it is. */
export type Reply =
  | { readonly kind: 'result'; readonly result: JsonObject }
  | {
      readonly kind: 'error'
      readonly error: { readonly code: number; readonly message: string; readonly data?: Json }
    }

/** Facts the stages leave for the audit entry, and what must happen when the call is over. */
export interface Trail {
  note(facts: TrailFacts): void
  onEnd(release: () => void): void
  /** This step is done: the clock is read, nothing else. */
  lap(step: CallStep): void
}
export interface TrailFacts {
  readonly client?: string
  readonly clientId?: ClientId
  readonly sessionId?: SessionId
  readonly workspace?: WorkspaceName
  readonly server?: ServerName
  readonly entry?: EntryName
  readonly pin?: Sha256
  /** Of the call that an awaited approval stands for. */
  readonly method?: ExchangeMethod
  readonly arguments?: JsonObject
  /** RFC 8785 text of `arguments`. */
  readonly canonical?: string
  readonly decision?: string
  readonly rule?: string
  readonly risk?: string
  readonly approval?: string
  readonly labels?: readonly string[]
  readonly stage?: 'waiting' | 'running'
  /** It reached for something of another workspace. */
  readonly crossing?: boolean
}
