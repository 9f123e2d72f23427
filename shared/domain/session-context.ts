import type { ContentLabel } from './flow.ts'
import type { EpochMs, SessionId } from './ids.ts'
import type { Concept } from './memory.ts'

/** What a session is about. Kept with the memory of its workspace, and nowhere else. */
export interface SessionContext {
  readonly session: SessionId
  /** In plain words; recall ranks higher what overlaps with them. */
  readonly goals: readonly string[]
  /** What is being done now. */
  readonly task?: string
  readonly tags: readonly string[]
  /** How many exchanges there were: as told, and one more with each that was learned from. */
  readonly turn: number
  /** What it was about before, the oldest first. */
  readonly history: readonly PastTask[]
  /** What the session had read when it was told: the words may come from there. */
  readonly labels: readonly ContentLabel[]
  readonly setBy: string
  readonly updatedAt: EpochMs
}
export interface PastTask {
  readonly turn: number
  readonly at: EpochMs
  readonly goals: readonly string[]
  readonly task?: string
}
/** What is named takes the place of what was there. */
export interface ContextChanges {
  readonly goals?: readonly string[]
  /** Empty: none. */
  readonly task?: string
  readonly tags?: readonly string[]
  readonly turn?: number
}
export const contextLimits = {
  goals: 10,
  goalChars: 500,
  taskChars: 2_000,
  tags: 20,
  tagChars: 50,
  history: 20,
} as const

/** What goes first when a session recalled more than its window holds. */
export const evictions = ['fifo', 'lru', 'importance'] as const
export type Eviction = (typeof evictions)[number]
export interface WindowRule {
  readonly eviction: Eviction
  /** Concepts. */
  readonly most: number
}
export const usualWindow: WindowRule = { eviction: 'importance', most: 50 }

/** Of what a session recalled, what it still holds. */
export interface HeldConcept {
  readonly concept: Concept
  /** Times it was recalled since it came in. */
  readonly uses: number
  /** 0 to 1: its best score, a twentieth less with each recall since. */
  readonly importance: number
}
export interface RecallWindow {
  /** The most important first. */
  readonly held: readonly HeldConcept[]
  readonly compressed: CompressedContext
}
/** Made of what is known by rules; the same every time. */
export interface CompressedContext {
  readonly summary: string
  readonly entities: readonly { readonly name: string; readonly type: string }[]
  readonly facts: readonly string[]
  /** Characters of summary and facts for each of all that is known of what is held; 1 when nothing was left out. */
  readonly ratio: number
  readonly labels: readonly ContentLabel[]
}
