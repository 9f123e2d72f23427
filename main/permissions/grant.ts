import type {
  ClientId,
  EpochMs,
  GrantId,
  ServerName,
  SessionId,
  Sha256,
  WorkspaceName,
} from '../../shared/domain/ids.ts'
import type { RuleConditions } from '../../shared/domain/rule-conditions.ts'
import type { AllowScope, Effect } from '../../shared/domain/verdict.ts'

export type GrantScope = Exclude<AllowScope, 'once'> | 'rule'

/** A rule the person made, or an answer the person wanted remembered. Plain data; never changed, only revoked. */
export interface Grant {
  readonly id: GrantId
  /** Order of making, counted by the store and independent of any clock: of two that contradict, the later one stands. */
  readonly seq: number
  readonly effect: Effect
  readonly scope: GrantScope
  /** Client name; `*` stands for any text. */
  readonly client: string
  /** Entry name; `*` stands for any text: `filesystem__read_*`. */
  readonly tool: string
  /** Real path of the folder it is limited to. */
  readonly path?: string
  readonly conditions?: RuleConditions
  /** Remembered answers only: exactly what the answer was given for. */
  readonly bound?: GrantBounds
  readonly createdAt: EpochMs
  readonly expiresAt?: EpochMs
  /** Who made it: `person`, `approval ap_…`. */
  readonly origin: string
}

/** A remembered answer holds for this client and for this server as it was; a changed pin or cell voids it. */
export interface GrantBounds {
  readonly clientId: ClientId
  readonly server: ServerName
  readonly workspace: WorkspaceName
  readonly pin: Sha256
  readonly cell: Sha256
  readonly sessionId?: SessionId
  /** Scope `arguments`: see shared/domain/binding.ts. */
  readonly binding?: Sha256
}

export type NewGrant = Omit<Grant, 'id' | 'seq' | 'createdAt'>
