import type { Question } from '../../shared/contract/approvals.ts'
import type { CallFacts } from '../../shared/domain/call.ts'
import type { CatalogEntry } from '../../shared/domain/catalog.ts'
import type { ApprovalId, ClientId, EntryName, EpochMs, ServerName, Sha256 } from '../../shared/domain/ids.ts'
import type { ServerConfig } from '../../shared/domain/server.ts'
import type { AllowScope } from '../../shared/domain/verdict.ts'
import type { Language } from '../../shared/messages/messages.ts'
import type { AnswersSoFar } from './answer-store.ts'
import type { ApprovalState, BoundTo } from './approval.ts'
import type { ApprovalStore } from './approval-store.ts'
import type { Clock } from './clock.ts'
import type { DecisionNote } from './decision-note.ts'
import type { Preview } from './file-preview.ts'
import type { ReleaseAnchor } from './late-answers.ts'
import type { KeptPatience } from './seen-patience.ts'
import type { MarkValue, NamedValues } from './shared-values.ts'

/** An "allow" that reaches further than one call: `permissions/` makes a grant of it. */
export interface ToRemember extends BoundTo {
  readonly approval: ApprovalId
  readonly scope: Exclude<AllowScope, 'once'>
  readonly until?: EpochMs
  readonly by: string
  /** Scope `folder`. */
  readonly folder?: string
  /** For scope `values`, by JSON pointer. */
  readonly values?: NamedValues
  /** Scope `host`. */
  readonly host?: string
}

export interface ApprovalsParts {
  readonly store: ApprovalStore
  /** The entry with this pin and its server as they are now. A decision about anything else is stale. */
  readonly present: (
    server: ServerName,
    entry: EntryName,
    pin: Sha256,
  ) => { readonly server: ServerConfig; readonly entry: CatalogEntry } | undefined
  readonly preview: (call: CallFacts) => Promise<Preview | undefined>
  /** Must be done (durably) before the call goes on; throwing leaves the question open. */
  readonly remember: (decision: ToRemember) => Promise<void> | void
  readonly onAsked: (question: Question) => void
  readonly onSettled: (settled: { readonly id: ApprovalId; readonly state: ApprovalState }) => void
  readonly auditNote: (note: DecisionNote) => void
  /** What the person answered about an entry of a client so far; without it nothing wider is offered. */
  readonly answers?: (client: ClientId, entry: string) => AnswersSoFar
  /** Under what answers about a value are counted; without it none is offered. */
  readonly markValue?: MarkValue
  readonly language?: () => Language
  readonly anchor?: ReleaseAnchor
  /** Keeps how long clients were seen to wait. */
  readonly patience?: KeptPatience
  readonly clock?: Clock
  readonly settings?: () => Partial<ApprovalSettings>
}

export interface ApprovalSettings {
  /** Milliseconds until an unanswered question counts as not allowed. */
  readonly expiryMs: number
  /** Milliseconds after which a held call answers "waiting for approval". */
  readonly patienceMs: number
  /** Milliseconds a late answer waits for its call. */
  readonly releaseMs: number
  /** Distinct open questions a client may have. */
  readonly floodLimit: number
}
export const defaultSettings: ApprovalSettings = {
  expiryMs: 300_000,
  patienceMs: 45_000,
  releaseMs: 600_000,
  floodLimit: 20,
}
