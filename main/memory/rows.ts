import { type ContentLabel, contentLabels } from '../../shared/domain/flow.ts'

/** Rows as SQLite has them; they leave this folder as the types of `shared/domain/memory.ts`. */
export interface ConceptRow {
  readonly id: number
  readonly name: string
  readonly seq: number
  readonly type: string
  readonly description: string
  /** JSON. */
  readonly attributes: string
  readonly confidence: number
  readonly source: string
  /** Bits, lowest first, in the order of `contentLabels`. */
  readonly labels: number
  readonly created_at: number
  readonly updated_at: number
  readonly created_by: number
  readonly updated_by: number
}

export interface ObservationRow {
  readonly id: number
  readonly concept: number
  readonly text: string
  readonly by: number
}

export interface RelationRow {
  readonly id: number
  readonly origin: number
  readonly target: number
  readonly type: string
  readonly weight: number
  readonly confidence: number
  readonly inferred: number
  readonly attributes: string
  readonly labels: number
  readonly created_at: number
  readonly strengthened_at: number
  readonly created_by: number
}

/** A relation without what is said of it. */
export type Edge = Pick<RelationRow, 'id' | 'origin' | 'target' | 'weight'>

export interface UsageRow {
  readonly concept: number
  readonly access_count: number
  readonly accessed_at: number
  readonly strength: number
  readonly strengthened_at: number
}

/** What a row of the history is about. */
export const kinds = { concept: 0, observation: 1, relation: 2, strength: 3 } as const
/** What is noted of a strength: by how much it was raised. */
export interface Strengthened {
  readonly gain: number
}
export type Kind = (typeof kinds)[keyof typeof kinds]

export const labelBits = (labels: readonly ContentLabel[]): number =>
  labels.reduce((bits, label) => bits | (1 << contentLabels.indexOf(label)), 0)

export const labelsOf = (bits: number): ContentLabel[] => contentLabels.filter((_, place) => bits & (1 << place))
