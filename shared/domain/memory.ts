import type { ContentLabel } from './flow.ts'
import type { CallId, ClientId, EpochMs, SessionId } from './ids.ts'
import type { Json, JsonObject } from './json.ts'
import type { WindowRule } from './session-context.ts'

/**
 * The memory graph of one workspace. A concept is what is known of a name; a relation joins two names. Names are unique
 * within a workspace and compared as they are spelled.
 */

/** `co_N`; the same name keeps its id, also after it was forgotten and came back. Means nothing in another workspace. */
export type ConceptId = `co_${number}`
export const conceptIdPattern = /^co_[1-9][0-9]{0,15}$/
export type RelationId = `re_${number}`
/** One change of the memory as a whole, done or undone together. */
export type WriteId = `wr_${number}`

/** Who brought something into the memory, as the kernel knows it; never what the writer says of itself. */
export interface Provenance {
  /** `window` and `cli` for the person. */
  readonly client: ClientId | 'window' | 'cli' | 'gatehouse'
  readonly clientName: string
  readonly session?: SessionId
  readonly call?: CallId
  /** What its session had read: kept with what it writes, and shown when that is recalled. */
  readonly labels: readonly ContentLabel[]
}

export interface Observation {
  readonly text: string
  readonly at: EpochMs
  readonly by: Provenance
}

export interface Concept {
  readonly id: ConceptId
  readonly name: string
  readonly type: string
  readonly description: string
  readonly attributes: JsonObject
  /** In the order they were added. */
  readonly observations: readonly Observation[]
  /** 0 to 1: how sure it is. */
  readonly confidence: number
  /** Where it comes from, in the writer's words: `told`, `learned`, `imported`, a file, an address. */
  readonly source: string
  readonly createdAt: EpochMs
  readonly updatedAt: EpochMs
  readonly createdBy: Provenance
  readonly updatedBy: Provenance
  /** Those of everything that is known of it. */
  readonly labels: readonly ContentLabel[]
  /** How often it was recalled, and when last. */
  readonly accessCount: number
  readonly accessedAt?: EpochMs
  /** How much it was reinforced, faded until now: 1 when it is new, halved every 30 days (`halfLifeMs`). */
  readonly strength: number
}

export interface Relation {
  readonly id: RelationId
  readonly from: string
  readonly to: string
  readonly type: string
  /** 0 to 1. */
  readonly weight: number
  readonly confidence: number
  /** Found by the memory itself, not told. */
  readonly inferred: boolean
  readonly attributes: JsonObject
  readonly createdAt: EpochMs
  readonly createdBy: Provenance
  readonly labels: readonly ContentLabel[]
}

/** As `@modelcontextprotocol/server-memory` spells a concept. */
export interface Entity {
  readonly name: string
  readonly entityType: string
  readonly observations: readonly string[]
}
/** As `@modelcontextprotocol/server-memory` spells a relation. Its ends need not be known. */
export interface Link {
  readonly from: string
  readonly to: string
  readonly relationType: string
}
export interface Graph {
  readonly entities: readonly Entity[]
  readonly relations: readonly Link[]
}
export type GraphQuestion = 'all' | { readonly search: string } | { readonly names: readonly string[] }
export interface LabelledGraph {
  readonly graph: Graph
  /** Of everything in it. */
  readonly labels: readonly ContentLabel[]
}
export interface ObservationsOf {
  readonly entityName: string
  readonly contents: readonly string[]
}
export interface AddedObservations {
  readonly entityName: string
  readonly addedObservations: readonly string[]
}
export interface ObservationDeletion {
  readonly entityName: string
  readonly observations: readonly string[]
}

export interface ConceptDraft {
  readonly name: string
  readonly type: string
  readonly description?: string
  readonly attributes?: JsonObject
  readonly observations?: readonly string[]
  readonly confidence?: number
  readonly source?: string
}
export interface ConceptChanges {
  readonly name?: string
  readonly type?: string
  readonly description?: string
  /** Laid over the present ones; `null` takes one away. */
  readonly attributes?: JsonObject
  /** In place of the present ones. */
  readonly observations?: readonly string[]
  readonly confidence?: number
  readonly source?: string
}
export interface RelationDraft {
  readonly from: string
  readonly to: string
  readonly type: string
  readonly weight?: number
  readonly confidence?: number
  readonly attributes?: JsonObject
}
/** A concept by its id or its name. */
export type ConceptRef = { readonly id: ConceptId } | { readonly name: string }

/** Only what meets all that is named. */
export interface RecallFilter {
  readonly types?: readonly string[]
  /** Each named attribute has this value. */
  readonly attributes?: Readonly<Record<string, Json>>
  readonly sources?: readonly string[]
  /** Brought in or last changed by one of these clients. */
  readonly clients?: readonly Provenance['client'][]
  /** Without anything that carries one of these labels. */
  readonly withoutLabels?: readonly ContentLabel[]
  readonly createdFrom?: EpochMs
  readonly createdTo?: EpochMs
  readonly updatedFrom?: EpochMs
  readonly updatedTo?: EpochMs
  readonly minConfidence?: number
}

export interface Question {
  /** Natural language. */
  readonly text: string
  /** 1 to 100; 10 unless told. */
  readonly limit?: number
  readonly filter?: RecallFilter
  /** Steps from what was found into the graph, 0 to 4; 2 unless told. */
  readonly depth?: number
  /** Concepts in the subgraph at most, 1 to 1 000; 50 unless told. */
  readonly budget?: number
  /** What was known then. */
  readonly asOf?: EpochMs
  /** The person only looks: nothing becomes stronger by it. */
  readonly lookOnly?: boolean
  /** Whose question it is: its goals count, what it finds is held for it, and its answers are kept for a while. */
  readonly session?: { readonly id: SessionId; readonly window: WindowRule }
  /** Only these rankings; all unless told. For comparing them. */
  readonly by?: readonly ('vector' | 'text' | 'graph')[]
}

/** What a place in the ranking rests on; each 0 to 1 before its weight. */
export interface ScoreParts {
  readonly vector: number
  readonly text: number
  readonly graph: number
  readonly recency: number
  readonly reinforcement: number
  readonly confidence: number
  /** How much of what the session wants it speaks of; only where the session has goals. */
  readonly goals?: number
}
export interface Recalled {
  readonly concept: Concept
  readonly score: number
  readonly parts: ScoreParts
  /** What weighed most, most first. */
  readonly reasons: readonly (keyof ScoreParts)[]
}
export interface Subgraph {
  readonly concepts: readonly Concept[]
  readonly relations: readonly Relation[]
  /** There is more within this depth than the budget let in. */
  readonly cut: boolean
}
export interface Recall {
  readonly found: readonly Recalled[]
  readonly graph: Subgraph
  readonly tookMs: number
  readonly asOf?: EpochMs
  /** What this or another session was answered a short while ago. */
  readonly cached?: true
  /** Which vectors the ranking used; none when there are none yet or the embedder did not answer. */
  readonly embedder?: string
}

/** Concepts a page at a time, the one that changed last first. */
export interface ListQuery {
  readonly limit: number
  /** The `next` of the page before. */
  readonly from?: string
  readonly filter?: RecallFilter
}
export interface ConceptPage {
  readonly concepts: readonly Concept[]
  /** Absent when nothing follows. A filtered page may be short and still have one. */
  readonly next?: string
}
/** What can be filtered by: how often each value occurs, the most frequent first. */
export interface MemoryFacets {
  readonly types: readonly Facet[]
  readonly sources: readonly Facet[]
  /** Who brought concepts in; `value` is the client's id. */
  readonly clients: readonly (Facet & { readonly name: string })[]
}
export interface Facet {
  readonly value: string
  readonly count: number
}

/** The graph as it is drawn: of each concept only what is seen of it. */
export interface PictureQuery {
  /** Concepts passed over, in the order of the list. */
  readonly skip: number
  readonly limit: number
  /** What was known then. */
  readonly asOf?: EpochMs
}
export interface PictureNode extends Pick<Concept, 'id' | 'name' | 'type' | 'labels' | 'confidence' | 'createdAt'> {
  readonly client: string
}
export interface PictureEdge extends Pick<Relation, 'id' | 'type' | 'weight' | 'inferred' | 'labels'> {
  readonly from: ConceptId
  readonly to: ConceptId
}
export interface Picture {
  readonly nodes: readonly PictureNode[]
  /** Those that leave these nodes and end at a concept, drawn here or not. */
  readonly edges: readonly PictureEdge[]
  /** So many concepts there are in all. */
  readonly total: number
}

export const writeActs = [
  'create_entities',
  'create_relations',
  'add_observations',
  'delete_entities',
  'delete_observations',
  'delete_relations',
  'add_concept',
  'update_concept',
  'relate_concepts',
  'reinforce',
  'learn',
  'consolidate',
  'forget',
  'merge',
  'import',
  'undo',
] as const
export type WriteAct = (typeof writeActs)[number]

/** What happened to one concept or relation in a write. */
export interface Change {
  readonly what: 'concept' | 'relation'
  readonly id: ConceptId | RelationId
  /** The concept's name, or `FROM type TO`. */
  readonly name: string
  readonly kind: 'added' | 'changed' | 'removed'
  /** Of a relation: what it joins. */
  readonly ends?: readonly [ConceptId, ConceptId]
}
export interface Write {
  readonly id: WriteId
  readonly at: EpochMs
  readonly act: WriteAct
  readonly by: Provenance
  /** The first hundred. */
  readonly changes: readonly Change[]
  readonly changeCount: number
  /** The write that undid it. */
  readonly undoneBy?: WriteId
  /** The write it undid. */
  readonly undoes?: WriteId
}

/** One exchange between the person and a model, to learn from. */
export interface Interaction {
  /** What the person said. */
  readonly said: string
  /** What the model answered; only named things are taken from it, no facts. */
  readonly answered?: string
}
export interface Learned {
  /** Each can be undone: what rules found, and what the client’s model did. */
  readonly writes: readonly WriteId[]
  readonly added: readonly string[]
  readonly reinforced: readonly string[]
  readonly relations: readonly Link[]
}

export interface Consolidation {
  /** Undone by it; absent when there was nothing to do. */
  readonly write?: WriteId
  readonly merged: readonly { readonly kept: string; readonly gone: string; readonly similarity: number }[]
  readonly prunedConcepts: number
  readonly prunedRelations: number
  readonly strengthened: number
  readonly durationMs: number
  readonly sizeBytes: number
}

/** What makes vectors of texts. The HTTP ones get the texts of concepts and of questions. */
export type EmbedderChoice =
  | { readonly kind: 'built-in' }
  /** @param url e.g. `http://127.0.0.1:11434` */
  | { readonly kind: 'ollama'; readonly url: string; readonly model: string }
  /** @param url e.g. `http://127.0.0.1:1234/v1` */
  | { readonly kind: 'openai'; readonly url: string; readonly model: string }

export interface MemoryOverview {
  readonly concepts: number
  readonly relations: number
  readonly observations: number
  readonly writes: number
  readonly sizeBytes: number
  /** What makes the vectors that recall uses, and how far the next ones are. */
  readonly embedder: { readonly name: string; readonly dimension: number }
  readonly embedding?: { readonly name: string; readonly done: number; readonly total: number }
  /** Whether the vector index is sqlite-vec's; else why it is not and vectors are compared one by one. */
  readonly vectorIndex: { readonly kind: 'sqlite-vec' } | { readonly kind: 'scan'; readonly problem: string }
}

/** What an export is made of and an import brings. */
export interface ImportedConcept extends ConceptDraft {
  readonly labels?: readonly ContentLabel[]
}
export interface ImportedRelation extends RelationDraft {
  readonly inferred?: boolean
  readonly labels?: readonly ContentLabel[]
}
export interface GraphDocument {
  readonly concepts: readonly ImportedConcept[]
  /** Their ends need not be known. */
  readonly relations: readonly ImportedRelation[]
}
/** `json`: Gatehouse's own, with everything; `graphml`: the same for graph programs; `jsonl`: the file of `@modelcontextprotocol/server-memory`. */
export const memoryFormats = ['json', 'jsonl', 'graphml'] as const
export type MemoryFormat = (typeof memoryFormats)[number]
export type ImportMode = 'merge' | 'replace'
/** How far an import is: characters of the file while it reads, concepts and relations while it writes. */
export interface ImportProgress {
  readonly phase: 'reading' | 'writing'
  readonly done: number
  readonly total: number
}
export interface Imported {
  readonly concepts: number
  readonly relations: number
  /** Concepts that were known already. */
  readonly merged: number
  /** Undone by it. */
  readonly write?: WriteId
}
/** Where a portion ends, in the order things were made in. Means nothing but to the memory itself. */
export type Place = readonly [number, number]
export const beginning: Place = [0, 0]
/** @param after the `last` of the portion before */
export interface PortionQuery {
  readonly of: 'concepts' | 'relations'
  readonly after: Place
  readonly limit: number
}
export interface Portion {
  readonly concepts: readonly Concept[]
  readonly relations: readonly Relation[]
  /** Where the next one goes on; absent when there was nothing. */
  readonly last?: Place
}

/** Something in the memory that cannot be: what, and how often. */
export interface MemoryFault {
  readonly kind: 'damaged' | 'dangling' | 'index' | 'vectors' | 'history' | 'count'
  readonly problem: string
  /** The checker put it right (what is made from the rest can be made again). */
  readonly repaired: boolean
}

/** What a memory takes at most; more is refused with `memory.limit`. */
export interface MemoryLimits {
  readonly nameChars: number
  readonly textChars: number
  readonly observationsPerConcept: number
  /** In all that is known of one concept. */
  readonly conceptChars: number
  readonly attributesChars: number
  readonly attributesDepth: number
  readonly itemsPerWrite: number
  readonly concepts: number
  readonly relations: number
  /** Of a workspace on the disk, history and indexes included; what is deleted and undone may go beyond. */
  readonly bytes: number
  /** Of an answer that reads the graph as a whole. */
  readonly answerBytes: number
}
export const memoryLimits: MemoryLimits = {
  nameChars: 1_000,
  textChars: 100_000,
  observationsPerConcept: 10_000,
  conceptChars: 1_000_000,
  attributesChars: 100_000,
  attributesDepth: 64,
  itemsPerWrite: 10_000,
  concepts: 1_000_000,
  relations: 5_000_000,
  bytes: 4 * 1024 * 1024 * 1024,
  answerBytes: 10 * 1024 * 1024,
}

/** A place of the memory that names somebody. `name`: also one that is only a relation's end, or was forgotten. */
export interface Mention {
  readonly kind: 'name' | 'concept' | 'observation' | 'relation' | 'context' | 'history'
  /** Of the concept it is said of, or of the session. */
  readonly name: string
  readonly at?: EpochMs
  /** What stands around it. */
  readonly excerpt: string
}
/** How much of each was taken away for good. `fields`: of concepts that stay, those that lost a text. */
export interface MentionErasure {
  readonly concepts: number
  readonly observations: number
  readonly relations: number
  readonly fields: number
  readonly history: number
}
export interface Rectification {
  /** Names of the concepts that are right now. */
  readonly changed: readonly string[]
}
