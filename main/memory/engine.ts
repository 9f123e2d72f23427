import type { Imported, MemoryFault, MemoryOverview } from '../../shared/domain/memory.ts'
import { databaseCopy } from '../store/copy.ts'
import { ConceptBook } from './concept-book.ts'
import { checkMemory } from './consistency.ts'
import { ContextBook } from './context/context-book.ts'
import { Embedding, type EmbeddingProgress } from './embedding.ts'
import { EntityBook } from './entity-book.ts'
import { erase } from './erase.ts'
import { Graph, type GraphParts } from './graph.ts'
import { History } from './history.ts'
import { type DocumentSource, type ImportOrder, importDocument } from './importing.ts'
import { Consolidator } from './learning/consolidator.ts'
import { Learner } from './learning/learner.ts'
import { Mentions } from './mentions.ts'
import { Listing } from './recall/listing.ts'
import { Recaller } from './recall/recall.ts'
import { Transfer } from './transfer.ts'
import { undoBeside } from './undo-beside.ts'
import { dropVectors } from './vectors.ts'
import type { WorkspaceEngine } from './workspace-memory.ts'

export interface EngineParts extends GraphParts {
  /** The embedder that is wanted, by its name. */
  readonly wanted: () => string
  readonly onProgress: (progress: EmbeddingProgress) => void
  readonly onEmbedderProblem: (error: unknown) => void
}

/** The memory of one workspace: every method of `WorkspaceEngine`, each given to the part that knows it. */
export class Engine implements WorkspaceEngine {
  readonly #graph: Graph
  readonly #entities: EntityBook
  readonly #concepts: ConceptBook
  readonly #history: History
  readonly #contexts: ContextBook
  readonly #recaller: Recaller
  readonly #listing: Listing
  readonly #embedding: Embedding
  readonly #learner: Learner
  readonly #transfer: Transfer
  readonly #consolidator: Consolidator
  readonly #mentions: Mentions
  readonly #closing = new AbortController()
  readonly #parts: GraphParts
  #importing: Promise<void> | undefined

  constructor(parts: EngineParts) {
    this.#parts = {
      ...parts,
      onWrite: (write) => {
        parts.onWrite(write)
        this.#embedding.kick()
      },
    }
    this.#graph = new Graph(this.#parts)
    const { wanted, onProgress, onEmbedderProblem: onProblem } = parts
    this.#embedding = new Embedding({ graph: this.#graph, wanted, onProgress, onProblem })
    this.#embedding.kick()
    this.#entities = new EntityBook(this.#graph)
    this.#concepts = new ConceptBook(this.#graph)
    this.#history = new History(this.#graph)
    this.#contexts = new ContextBook(this.#graph)
    this.#recaller = new Recaller(this.#graph, this.#contexts)
    this.#listing = new Listing(this.#graph)
    this.#learner = new Learner(this.#graph)
    this.#transfer = new Transfer(this.#graph)
    this.#consolidator = new Consolidator(this.#graph)
    this.#mentions = new Mentions(this.#graph, this.#concepts)
  }

  createEntities: WorkspaceEngine['createEntities'] = (...given) => this.#entities.createEntities(...given)
  createRelations: WorkspaceEngine['createRelations'] = (...given) => this.#entities.createRelations(...given)
  addObservations: WorkspaceEngine['addObservations'] = (...given) => this.#entities.addObservations(...given)
  deleteEntities: WorkspaceEngine['deleteEntities'] = (...given) => this.#entities.deleteEntities(...given)
  deleteObservations: WorkspaceEngine['deleteObservations'] = (...given) => this.#entities.deleteObservations(...given)
  deleteRelations: WorkspaceEngine['deleteRelations'] = (...given) => this.#entities.deleteRelations(...given)
  readGraph: WorkspaceEngine['readGraph'] = () => this.#entities.readGraph()
  searchNodes: WorkspaceEngine['searchNodes'] = (query) => this.#entities.searchNodes(query)
  openNodes: WorkspaceEngine['openNodes'] = (names) => this.#entities.openNodes(names)
  labelled: WorkspaceEngine['labelled'] = (question) => this.#entities.labelled(question)

  concept: WorkspaceEngine['concept'] = (ref) => {
    const row = this.#graph.find(ref)
    return row && this.#graph.concept(row)
  }
  addConcept: WorkspaceEngine['addConcept'] = (...given) => this.#concepts.addConcept(...given)
  updateConcept: WorkspaceEngine['updateConcept'] = (...given) => this.#concepts.updateConcept(...given)
  relateConcepts: WorkspaceEngine['relateConcepts'] = (...given) => this.#concepts.relateConcepts(...given)
  reinforce: WorkspaceEngine['reinforce'] = (...given) => this.#concepts.reinforce(...given)
  forget: WorkspaceEngine['forget'] = (...given) => this.#concepts.forget(...given)
  merge: WorkspaceEngine['merge'] = (...given) => this.#concepts.merge(...given)
  unrelate: WorkspaceEngine['unrelate'] = (...given) => this.#concepts.unrelate(...given)

  /** @throws memory.limit, memory.import-cancelled, what the source throws */
  importFrom = (source: DocumentSource, order: ImportOrder): Promise<Imported> =>
    this.#beside(() => importDocument(this.#parts, source, order, this.#closing.signal))

  /** Nothing else may write meanwhile: whoever does waits for `importing`. */
  async #alone<T>(write: () => Promise<T>): Promise<T> {
    while (this.#consolidator.running || this.#importing) await (this.#importing ?? this.#consolidator.settled())
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#importing = promise
    try {
      return await write()
    } finally {
      this.#importing = undefined
      resolve()
    }
  }
  /** Another connection writes, alone. */
  #beside = <T>(write: () => Promise<T>): Promise<T> =>
    this.#alone(async () => {
      this.#graph.readOnly()
      try {
        await this.#embedding.hold()
        return await write()
      } finally {
        this.#graph.writable()
        this.#embedding.release()
      }
    })
  /** Settles when what has the right to write alone is over: an import, a long undo, work on what names a person. */
  get importing(): Promise<void> | undefined {
    return this.#importing
  }

  portion: WorkspaceEngine['portion'] = (query) => this.#transfer.portion(query)
  learn: WorkspaceEngine['learn'] = (interaction, by, message) => {
    const learned = this.#learner.learn(interaction, by, message)
    this.#contexts.nextTurn(by)
    return learned
  }
  consolidate: WorkspaceEngine['consolidate'] = (by) => this.#consolidator.consolidate(by, this.#closing.signal)
  get consolidatedAt(): number {
    return this.#consolidator.lastAt
  }

  history: WorkspaceEngine['history'] = (query) => this.#history.list(query)
  undo: WorkspaceEngine['undo'] = (write, by) =>
    this.#history.isLong(write) && !this.#graph.db.memory
      ? this.#beside(() => undoBeside(this.#parts, write, by, this.#closing.signal))
      : this.#history.undo(write, by)
  recall: WorkspaceEngine['recall'] = (question) => this.#recaller.recall(question)
  context: WorkspaceEngine['context'] = (session) => this.#contexts.context(session)
  setContext: WorkspaceEngine['setContext'] = (...given) => this.#contexts.setContext(...given)
  clearContext: WorkspaceEngine['clearContext'] = (session) => this.#contexts.clearContext(session)
  recallWindow: WorkspaceEngine['recallWindow'] = (...given) => this.#contexts.recallWindow(...given)
  subgraph: WorkspaceEngine['subgraph'] = (...given) => this.#recaller.subgraph(...given)
  list: WorkspaceEngine['list'] = (query) => this.#listing.list(query)
  facets: WorkspaceEngine['facets'] = () => this.#listing.facets()
  picture: WorkspaceEngine['picture'] = (query) => this.#listing.picture(query)
  mentions: WorkspaceEngine['mentions'] = (words) => this.#mentions.find(words)
  eraseMentions: WorkspaceEngine['eraseMentions'] = (words) => this.#alone(() => this.#mentions.erase(words))
  rectifyMentions: WorkspaceEngine['rectifyMentions'] = (...given) =>
    this.#alone(() => this.#mentions.rectify(...given))
  erase: WorkspaceEngine['erase'] = (what) => erase(this.#graph, what)
  check = (): MemoryFault[] => checkMemory(this.#graph)

  /** Another embedder is wanted, or how to reach it is known now. */
  embedderChosen(): void {
    this.#graph.vectors.reopen()
    this.#embedding.kick()
  }
  /** @param file where the copy lies meanwhile */
  copy = (file: string): Promise<Buffer> => databaseCopy(this.#graph.db, file, dropVectors)
  embedded: WorkspaceEngine['embedded'] = () => this.#embedding.settled()
  cancelEmbedding: WorkspaceEngine['cancelEmbedding'] = async () => {
    await this.#embedding.cancel()
    return this.#graph.vectors.current.row.embedder
  }
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#consolidator.settled()
    await this.#importing
    await this.#embedding.stop()
    this.#graph.db.close()
  }

  overview(): MemoryOverview {
    const { counts, vectors } = this.#graph
    const { concepts, relations, observations, writes } = counts
    const { row } = vectors.current
    const next = vectors.building
    return {
      concepts,
      relations,
      observations,
      writes,
      sizeBytes: this.#graph.sizeBytes(),
      embedder: { name: row.embedder, dimension: row.dimension },
      ...(next ? { embedding: { name: next.row.embedder, done: next.index.count(), total: concepts } } : {}),
      vectorIndex: vectors.support,
    }
  }
}
