import type { GrantId } from './ids.ts'

export type Effect = 'allow' | 'ask' | 'deny'

/** What a call would do, as far as anyone can tell; `unknown` when nobody vouches for the server's hints. */
export type ActionKind = 'read' | 'write' | 'delete' | 'run' | 'send' | 'unknown'

export const riskLevels = ['low', 'medium', 'high', 'critical'] as const
export type RiskLevel = (typeof riskLevels)[number]
export const isAtLeast = (level: RiskLevel, least: RiskLevel): boolean =>
  riskLevels.indexOf(level) >= riskLevels.indexOf(least)

/** Why a call is risky: a key of `shared/messages` under `why.`, with what fills its places. */
export interface RiskReason {
  readonly kind: RiskReasonKind
  readonly params?: Readonly<Record<string, string>>
}
export type RiskReasonKind =
  | 'read'
  | 'write'
  | 'write-undo'
  | 'remember'
  | 'forget'
  | 'delete'
  | 'run'
  | 'send'
  | 'unknown'
  | 'outside'
  | 'read-only'
  | 'no-right'
  | 'over'
  | 'undeclared'
  | 'template'
  | 'secret'
  | 'private'
  | 'label'
  | 'host'
  | 'host-new'
  | 'folder-new'
  | 'first-use'
  | 'untrusted'
  | 'unconfined'
  | 'remote'
  | 'cell'
  | 'denied-before'

/** Why a call is asked about or refused: a key of `shared/messages` under `reason.`. */
export type VerdictReason =
  | ActionKind
  | Extract<
      RiskReasonKind,
      | 'outside'
      | 'read-only'
      | 'no-right'
      | 'over'
      | 'undeclared'
      | 'template'
      | 'untrusted'
      | 'unconfined'
      | 'first-use'
    >

export interface Verdict {
  readonly effect: Effect
  /** The rule or grant that decided, as the person knows it: "reads inside allowed folders". */
  readonly rule: string
  /** Why it is asked or refused, most telling first. */
  readonly reasons: readonly VerdictReason[]
  readonly action: ActionKind
  readonly risk: RiskLevel
  /** Of a call that asks: why it is risky, most telling first. */
  readonly risks?: readonly RiskReason[]
  /** The grant with a budget that allows it: one use is taken just before the call is sent. */
  readonly spends?: GrantId
}

/** How far an "allow" reaches. */
export type AllowScope = 'once' | 'session' | 'arguments' | 'folder' | 'host' | 'values' | 'tool'
