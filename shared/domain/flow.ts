import type { EntryName, EpochMs, ServerName } from './ids.ts'

/**
 * What an answer brings into a session. `private`: from the person's folders or memory. `untrusted`: from outside this
 * computer, or text that speaks to the model. `secret`: a key, token or password stood in it.
 */
export const contentLabels = ['private', 'untrusted', 'secret'] as const
export type ContentLabel = (typeof contentLabels)[number]

/** Something a session read. No contents. */
export interface SourceRead {
  readonly label: ContentLabel
  readonly server: ServerName
  readonly entry: EntryName
  /** File, folder or host it came from, where that is known. */
  readonly place?: string
  readonly at: EpochMs
}

/** Calls that went to a server which reaches out of this computer. No contents. */
export interface SentOut {
  readonly server: ServerName
  readonly entry: EntryName
  /** The host or e-mail address the call names, or that of the server; undefined when it could be anywhere. */
  readonly place?: string
  /** Of the first of them. */
  readonly at: EpochMs
}

/** What a session read and what went out, the oldest first of each. */
export interface SessionFlow {
  readonly reads: readonly SourceRead[]
  readonly sent: readonly SentOut[]
}

/**
 * Why a call that may send data out is asked about. `mixed`: private and untrusted content met in its session, so that
 * what was read from outside may be telling the model to send what is private. `secret`: a secret that was read in its
 * session stands in what would go out.
 */
export interface FlowFact {
  readonly kind: 'mixed' | 'secret'
  /** Where it would go: a host or an e-mail address; undefined when it could be anywhere. */
  readonly destination?: string
  /** What it rests on: the first read of each label. */
  readonly sources: readonly SourceRead[]
  /** All of it came from the very server that is called, which the person trusted with both. Of `mixed` only. */
  readonly within?: {
    /** Hosts and addresses the arguments name. */
    readonly destinations: readonly string[]
  }
}
export type FlowStanding = FlowFact['kind'] | 'none'
