import { createHash } from 'node:crypto'
import type { Question } from '../../shared/contract/approvals.ts'
import type { Clearance, ClientPeer, ExchangeMethod, JudgedCall } from '../../shared/domain/call.ts'
import type { FlowFact } from '../../shared/domain/flow.ts'
import type {
  ApprovalId,
  ClientId,
  EntryName,
  EpochMs,
  ServerName,
  SessionId,
  Sha256,
  WorkspaceName,
} from '../../shared/domain/ids.ts'
import type { JsonObject } from '../../shared/domain/json.ts'
import type { ActionKind, AllowScope, RiskLevel } from '../../shared/domain/verdict.ts'
import type { Proposal } from './proposals.ts'
import type { NamedValues } from './shared-values.ts'

export type ApprovalState = 'pending' | 'approved' | 'denied' | 'expired' | 'cancelled'
export type QuestionKind = Question['subject']['kind']
export type ExpectContent = NonNullable<Clearance['expectContent']>

/** A judged call with the way back to its client: what the kernel hands to `clear`. */
export interface AskedCall extends JudgedCall {
  readonly target: string
  readonly view?: ServerName
  readonly extra?: JsonObject
  readonly peer: Pick<ClientPeer, 'progress'>
  readonly signal: AbortSignal
}

/** What `gatehouse__await_approval` stands for. */
export interface HeldCall {
  readonly method: ExchangeMethod
  readonly target: string
  readonly view?: ServerName
  readonly arguments: JsonObject
  readonly extra?: JsonObject
}

/** What a decision was made about, kept so that a remembered one can be bound to it. */
export interface BoundTo {
  readonly binding: Sha256
  readonly clientId: ClientId
  readonly sessionId: SessionId
  readonly workspace: WorkspaceName
  readonly server: ServerName
  readonly entry: EntryName
  readonly method: ExchangeMethod
  readonly pin: Sha256
  readonly cell: Sha256
  /** RFC 8785 text of the arguments. */
  readonly canonical: string
  readonly action: ActionKind
  readonly risk: RiskLevel
  /** Folder and hosts it is about. */
  readonly places?: readonly string[]
  /** What its arguments name. */
  readonly values?: NamedValues
  /** Why it would send out what its session read; the person was told. */
  readonly flow?: FlowFact['kind']
  readonly within?: FlowFact['within']
}

/** The encrypted part of an approval. */
export interface ApprovalContent {
  readonly question: Question
  readonly bound?: BoundTo
  readonly held?: Omit<HeldCall, 'arguments'>
  readonly expectContent?: ExpectContent
  /** Wider answers that are offered. */
  readonly proposals?: readonly Proposal[]
}

export interface ApprovalRecord {
  readonly id: ApprovalId
  readonly kind: QuestionKind
  readonly state: ApprovalState
  readonly client: string
  readonly clientId?: ClientId
  readonly entry: string
  readonly title: string
  readonly binding: Sha256
  readonly createdAt: EpochMs
  readonly expiresAt: EpochMs
  readonly decidedAt?: EpochMs
  /** Who answered: "window", "command line (…)". */
  readonly decidedBy?: string
  readonly scope?: AllowScope
  readonly reason?: string
  readonly releases: number
  readonly releaseUntil?: EpochMs
  readonly content: ApprovalContent
}

export const sha256 = (data: string | Buffer): Sha256 => createHash('sha256').update(data).digest('hex') as Sha256
