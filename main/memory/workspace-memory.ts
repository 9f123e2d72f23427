import type { EpochMs, SessionId } from '../../shared/domain/ids.ts'
import type {
  AddedObservations,
  Concept,
  ConceptChanges,
  ConceptDraft,
  ConceptPage,
  ConceptRef,
  Consolidation,
  Entity,
  Graph,
  GraphQuestion,
  Interaction,
  LabelledGraph,
  Learned,
  Link,
  ListQuery,
  MemoryFacets,
  MemoryFault,
  MemoryOverview,
  Mention,
  MentionErasure,
  ObservationDeletion,
  ObservationsOf,
  Picture,
  PictureQuery,
  Portion,
  PortionQuery,
  Provenance,
  Question,
  Recall,
  Rectification,
  Relation,
  RelationDraft,
  Subgraph,
  Write,
  WriteId,
} from '../../shared/domain/memory.ts'
import type { ContextChanges, RecallWindow, SessionContext } from '../../shared/domain/session-context.ts'
import type { SubjectWords } from '../../shared/domain/subject.ts'

/** The memory of one workspace: nothing here can name another one. Every write happens as a whole or not at all. */
export interface MemoryReads {
  /** In the order they were made. @throws memory.too-large */
  readGraph(): Graph
  /** Whose name, type or an observation holds the text, whatever its case; with every relation that touches one. */
  searchNodes(query: string): Graph
  openNodes(names: readonly string[]): Graph
  /** One of these three, with the labels of all it holds. */
  labelled(question: GraphQuestion): LabelledGraph
  concept(ref: ConceptRef): Concept | undefined
  recall(question: Question): Recall | Promise<Recall>
  subgraph(seeds: readonly string[], depth: number, budget: number, asOf?: EpochMs): Subgraph
  /** Newest first. */
  history(query: { readonly of?: ConceptRef; readonly before?: WriteId; readonly limit: number }): readonly Write[]
  overview(): MemoryOverview
  list(query: ListQuery): ConceptPage
  facets(): MemoryFacets
  picture(query: PictureQuery): Picture
  check(): readonly MemoryFault[]
  /** What a session is about. */
  context(session: SessionId): SessionContext | undefined
  /** What a session recalled and still holds. @param charsAtMost of its compressed form */
  recallWindow(session: SessionId, charsAtMost: number): RecallWindow
}

/** What `@modelcontextprotocol/server-memory` offers, with its results. @throws memory.limit */
export interface EntityWrites {
  /** @returns those whose names were new */
  createEntities(entities: readonly Entity[], by: Provenance): readonly Entity[]
  /** @returns those that were new */
  createRelations(links: readonly Link[], by: Provenance): readonly Link[]
  /** @throws memory.unknown for a name nothing is known of; nothing is added then */
  addObservations(additions: readonly ObservationsOf[], by: Provenance): readonly AddedObservations[]
  /** With every relation that touches them. */
  deleteEntities(names: readonly string[], by: Provenance): void
  deleteObservations(deletions: readonly ObservationDeletion[], by: Provenance): void
  deleteRelations(links: readonly Link[], by: Provenance): void
}

export interface ConceptWrites {
  /** @returns with relations to similar concepts it found. @throws memory.exists */
  addConcept(draft: ConceptDraft, by: Provenance): { readonly concept: Concept; readonly related: readonly Relation[] }
  /** @throws memory.unknown, memory.exists when it takes another's name */
  updateConcept(ref: ConceptRef, changes: ConceptChanges, by: Provenance): Concept
  /** A relation that is there already takes the new weight and attributes. @throws memory.unknown */
  relateConcepts(draft: RelationDraft, by: Provenance): Relation
  /** They were of use: they fade later. Can be undone. @throws memory.unknown */
  reinforce(refs: readonly ConceptRef[], by: Provenance): WriteId
  /** Can be undone. @throws memory.unknown */
  forget(refs: readonly ConceptRef[], by: Provenance): WriteId
  /** Everything said of one becomes said of the other. Can be undone. @throws memory.unknown */
  merge(kept: ConceptRef, gone: ConceptRef, by: Provenance): WriteId
  /** Forgets a relation; its ends stay. Can be undone. @throws memory.unknown */
  unrelate(link: Link, by: Provenance): WriteId
  /** A large one in slices: reads go on meanwhile, other writes wait. @throws memory.no-write, memory.undone, memory.changed-since */
  undo(write: WriteId, by: Provenance): WriteId | Promise<WriteId>
  /** With its history and every trace on the disk; cannot be undone. @returns how many concepts were erased */
  erase(what: { readonly concepts: readonly ConceptRef[] } | { readonly client: Provenance['client'] } | 'all'): number
}

export interface Transfers {
  /** The whole memory, portion by portion. */
  portion(query: PortionQuery): Portion
}

export interface VectorUpkeep {
  /** Resolves when all vectors are made that can be made now. */
  embedded(): Promise<void>
  /** Keeps the vectors recall uses; the next ones go. @returns the name of the embedder that stays */
  cancelEmbedding(): Promise<string>
}

export interface SessionContexts {
  /** @throws memory.context-limit, memory.context-secret */
  setContext(session: SessionId, changes: ContextChanges, by: Provenance): SessionContext
  /** With what it recalled. */
  clearContext(session: SessionId): void
}

/** What it finds out by itself. */
export interface Learning {
  /** @param message what the client’s model answered; not trusted */
  learn(interaction: Interaction, by: Provenance, message?: unknown): Learned
  /** Merges duplicates, prunes what faded, strengthens what is used together. In slices: reads and writes go on meanwhile. */
  consolidate(by: Provenance): Promise<Consolidation>
}

/** For requests of the person whose data it is. In slices, as `consolidate`. */
export interface PersonalData {
  mentions(words: SubjectWords): Promise<readonly Mention[]>
  /** With its history; cannot be undone. */
  eraseMentions(words: SubjectWords): Promise<MentionErasure>
  /** In what is known of the person now. @throws memory.exists, memory.limit */
  rectifyMentions(words: SubjectWords, wrong: string, right: string, by: Provenance): Promise<Rectification>
}

export interface WorkspaceEngine
  extends MemoryReads,
    EntityWrites,
    ConceptWrites,
    Transfers,
    VectorUpkeep,
    Learning,
    SessionContexts,
    PersonalData {}

/** The same from the main thread, where each answer takes a while. */
export type WorkspaceMemory = {
  readonly [K in keyof WorkspaceEngine]: (
    ...given: Parameters<WorkspaceEngine[K]>
  ) => Promise<Awaited<ReturnType<WorkspaceEngine[K]>>>
}
