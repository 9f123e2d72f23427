export type Effect = 'allow' | 'ask' | 'deny'

/** What a call would do, as far as anyone can tell; `unknown` when nobody vouches for the server's hints. */
export type ActionKind = 'read' | 'write' | 'delete' | 'run' | 'send' | 'unknown'

export type RiskLevel = 'low' | 'medium' | 'high'

export interface Verdict {
  readonly effect: Effect
  /** The rule or grant that decided, as the person knows it: "reads inside allowed folders". */
  readonly rule: string
  /** Why it is asked or refused; message keys with parameters are resolved by the catalogue. */
  readonly reasons: readonly string[]
  readonly action: ActionKind
  readonly risk: RiskLevel
}

/** How far an "allow" reaches. */
export type AllowScope = 'once' | 'session' | 'arguments' | 'tool'
